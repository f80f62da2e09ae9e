//! Users and groups of the process.

use super::OrRaise;
use super::paths::{Gid, Uid, owner_of};
use stitch_runtime::host::process;
use stitch_runtime::object::argument::{This, method};
use stitch_runtime::object::layout::ListObject;
use stitch_runtime::object::native::NativeRow;
use stitch_runtime::{PyResult, Value, Vm};

pub const FUNCTIONS: &[NativeRow] = &[
    method("getuid", "()", process::user).doc("The number of the process's user."),
    method("geteuid", "()", process::effective_user).doc("The number of the user whose rights the process has."),
    method("getgid", "()", process::group).doc("The number of the process's group."),
    method("getegid", "()", process::effective_group).doc("The number of the group whose rights the process has."),
    method("getresuid", "()", |vm: &mut Vm| {
        let [mut real, mut effective, mut saved] = [0; 3];
        process::get_all_users(&mut real, &mut effective, &mut saved).or_raise(vm)?;
        numbers(vm, &[real, effective, saved])
    })
    .doc("The real, the effective and the saved user."),
    method("getresgid", "()", |vm: &mut Vm| {
        let [mut real, mut effective, mut saved] = [0; 3];
        process::get_all_groups(&mut real, &mut effective, &mut saved).or_raise(vm)?;
        numbers(vm, &[real, effective, saved])
    })
    .doc("The real, the effective and the saved group."),
    method("setuid", "(uid, /)", |vm: &mut Vm, user: Uid| process::set_user(user.0).or_raise(vm)).doc("Sets the user."),
    method("seteuid", "(euid, /)", |vm: &mut Vm, user: Uid| process::set_effective_user(user.0).or_raise(vm))
        .doc("Sets the effective user."),
    method("setgid", "(gid, /)", |vm: &mut Vm, group: Gid| process::set_group(group.0).or_raise(vm))
        .doc("Sets the group."),
    method("setegid", "(egid, /)", |vm: &mut Vm, group: Gid| process::set_effective_group(group.0).or_raise(vm))
        .doc("Sets the effective group."),
    method("setreuid", "(ruid, euid, /)", |vm: &mut Vm, real: Uid, effective: Uid| {
        process::set_users(real.0, effective.0).or_raise(vm)
    })
    .doc("Sets the real and the effective user."),
    method("setregid", "(rgid, egid, /)", |vm: &mut Vm, real: Gid, effective: Gid| {
        process::set_groups(real.0, effective.0).or_raise(vm)
    })
    .doc("Sets the real and the effective group."),
    method("setresuid", "(ruid, euid, suid, /)", |vm: &mut Vm, real: Uid, effective: Uid, saved: Uid| {
        process::set_all_users(real.0, effective.0, saved.0).or_raise(vm)
    })
    .doc("Sets the real, the effective and the saved user."),
    method("setresgid", "(rgid, egid, sgid, /)", |vm: &mut Vm, real: Gid, effective: Gid, saved: Gid| {
        process::set_all_groups(real.0, effective.0, saved.0).or_raise(vm)
    })
    .doc("Sets the real, the effective and the saved group."),
    method("getgroups", "()", |vm: &mut Vm| {
        let groups = process::more_groups().or_raise(vm)?;
        list(vm, &groups)
    })
    .doc("The further groups of the process."),
    method("setgroups", "(groups, /)", set_groups).doc("Sets the further groups."),
    method("getgrouplist", "(user, group, /)", |vm: &mut Vm, user: Value, group: Gid| {
        let user = user_name(vm, user)?;
        let groups = process::groups_of_user(&user, group.0).or_raise(vm)?;
        list(vm, &groups)
    })
    .doc("The groups that a user is in, and the given one."),
    method("initgroups", "(username, gid, /)", |vm: &mut Vm, user: Value, group: Gid| {
        let user = user_name(vm, user)?;
        process::set_groups_of_user(&user, group.0).or_raise(vm)
    })
    .doc("Sets the further groups to those that a user is in."),
    method("getlogin", "()", |vm: &mut Vm| {
        let name = process::login_name().or_raise(vm)?;
        Ok::<Value, stitch_runtime::Raised>(vm.fs_decode(&name))
    })
    .doc("The name of who is logged in at the process's terminal."),
];

fn numbers(vm: &mut Vm, numbers: &[u32; 3]) -> PyResult {
    Ok(vm.new_tuple(&numbers.map(|number| Value::small_int(number.into()))))
}

fn list(vm: &mut Vm, groups: &[u32]) -> PyResult {
    let groups: Vec<Value> = groups.iter().map(|&group| Value::small_int(group.into())).collect();
    vm.new_list(&groups)
}

fn user_name(vm: &mut Vm, user: Value) -> PyResult<std::ffi::CString> {
    vm.fs_c_string(user)
}

fn set_groups(vm: &mut Vm, groups: Value) -> PyResult<()> {
    if !vm.is_sequence(groups) {
        return Err(vm.raise_type("setgroups argument must be a sequence"));
    }
    let groups = vm.collect(groups)?;
    let Some(groups) = This::<ListObject>::of(vm, groups) else { return Ok(()) };
    let mut numbers = Vec::with_capacity(groups.len);
    for &group in groups.items() {
        if !vm.is_int_like(group) {
            return Err(vm.raise_type("groups must be integers"));
        }
        numbers.push(owner_of(vm, group, "gid")?);
    }
    process::set_more_groups(&numbers).or_raise(vm)
}
