//! `pwd` and `grp`: users and groups.

use crate::posix::{OrRaise, owner_of};
use stitch_runtime::host::accounts::{self, Group, Key, User};
use stitch_runtime::object::argument::{Str, method};
use stitch_runtime::object::module::ModuleSpec;
use stitch_runtime::object::spec::{GetSetRow, TypeSpec};
use stitch_runtime::object::struct_sequence::{fields, struct_sequence};
use stitch_runtime::{PyResult, Value, Vm};

pub static USERS: ModuleSpec = ModuleSpec {
    name: "pwd",
    doc: "Users.",
    functions: &[
        method("getpwuid", "(uidobj, /)", |vm: &mut Vm, number: Value| {
            let found = match owner_of(vm, number, "uid") {
                Ok(user) => accounts::user(Key::Number(user)).or_raise(vm)?,
                Err(raised) if !vm.exception_matches(vm.exceptions.OverflowError) => return Err(raised),
                Err(_) => {
                    vm.clear_exception();
                    None
                }
            };
            match found {
                Some(user) => user_value(vm, &user),
                None => raise_missing(vm, "getpwuid(): uid not found", number),
            }
        })
        .doc("The user of a number."),
        method("getpwnam", "(name, /)", |vm: &mut Vm, name: Str| {
            let text = vm.fs_c_string(name.value())?;
            match accounts::user(Key::Name(&text)).or_raise(vm)? {
                Some(user) => user_value(vm, &user),
                None => raise_missing(vm, "getpwnam(): name not found", name.value()),
            }
        })
        .doc("The user of a name."),
        method("getpwall", "()", |vm: &mut Vm| {
            let list = vm.new_list(&[])?;
            for user in accounts::users() {
                let user = user_value(vm, &user)?;
                vm.list_push(list.as_ptr(), user)?;
            }
            Ok::<Value, stitch_runtime::Raised>(list)
        })
        .doc("All users."),
    ],
    types: &[&STRUCT_PASSWD],
    ..ModuleSpec::NEW
};

pub static GROUPS: ModuleSpec = ModuleSpec {
    name: "grp",
    doc: "Groups of users.",
    functions: &[
        method("getgrgid", "(id)", |vm: &mut Vm, number: Value| {
            let found = match owner_of(vm, number, "gid") {
                Ok(group) => accounts::group(Key::Number(group)).or_raise(vm)?,
                Err(raised) if !vm.exception_matches(vm.exceptions.OverflowError) => return Err(raised),
                Err(_) => {
                    vm.clear_exception();
                    None
                }
            };
            match found {
                Some(group) => group_value(vm, &group),
                None => raise_missing(vm, "getgrgid(): gid not found", number),
            }
        })
        .doc("The group of a number."),
        method("getgrnam", "(name)", |vm: &mut Vm, name: Str| {
            let text = vm.fs_c_string(name.value())?;
            match accounts::group(Key::Name(&text)).or_raise(vm)? {
                Some(group) => group_value(vm, &group),
                None => raise_missing(vm, "getgrnam(): name not found", name.value()),
            }
        })
        .doc("The group of a name."),
        method("getgrall", "()", |vm: &mut Vm| {
            let list = vm.new_list(&[])?;
            for group in accounts::groups() {
                let group = group_value(vm, &group)?;
                vm.list_push(list.as_ptr(), group)?;
            }
            Ok::<Value, stitch_runtime::Raised>(list)
        })
        .doc("All groups."),
    ],
    types: &[&STRUCT_GROUP],
    ..ModuleSpec::NEW
};

static STRUCT_PASSWD: TypeSpec = struct_sequence("struct_passwd", "pwd", "A user.", PASSWD_FIELDS);
const PASSWD_FIELDS: &[GetSetRow] =
    &fields(["pw_name", "pw_passwd", "pw_uid", "pw_gid", "pw_gecos", "pw_dir", "pw_shell"]);

static STRUCT_GROUP: TypeSpec = struct_sequence("struct_group", "grp", "A group of users.", GROUP_FIELDS);
const GROUP_FIELDS: &[GetSetRow] = &fields(["gr_name", "gr_passwd", "gr_gid", "gr_mem"]);

fn user_value(vm: &mut Vm, user: &User) -> PyResult {
    let [name, password, full_name, directory, shell] =
        [&user.name, &user.password, &user.full_name, &user.directory, &user.shell].map(|text| vm.fs_decode(text));
    let [number, group] = [user.user, user.group].map(|number| Value::small_int(number.into()));
    vm.new_struct_sequence(&STRUCT_PASSWD, &[name, password, number, group, full_name, directory, shell])
}

fn group_value(vm: &mut Vm, group: &Group) -> PyResult {
    let members = vm.new_list(&[])?;
    for member in &group.members {
        let member = vm.fs_decode(member);
        vm.list_push(members.as_ptr(), member)?;
    }
    let [name, password] = [&group.name, &group.password].map(|text| vm.fs_decode(text));
    vm.new_struct_sequence(&STRUCT_GROUP, &[name, password, Value::small_int(group.group.into()), members])
}

fn raise_missing(vm: &mut Vm, what: &str, wanted: Value) -> PyResult {
    let wanted = vm.repr(wanted)?;
    let message = vm.new_str(&format!("{what}: {}", vm.string_of(wanted)));
    Err(vm.raise_key(message))
}
