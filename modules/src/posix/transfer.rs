//! Moving bytes from one open file to another, without a way through this process.

use super::OrRaise;
use stitch_runtime::host::descriptor;
use stitch_runtime::object::argument::{Index, OrNone, method};
use stitch_runtime::object::native::NativeRow;
use stitch_runtime::{PyResult, Value, Vm};

pub const FUNCTIONS: &[NativeRow] = &[
    method(
        "sendfile",
        "(out_fd, in_fd, offset, count)",
        |vm: &mut Vm, to: i32, from: i32, offset: Value, count: Index| {
            let mut offset = if offset.is_none() { None } else { Some(vm.index_i64(offset)?) };
            let count = count_of(vm, count)?;
            vm.wait_for(|| descriptor::send_file(to, from, offset.as_mut(), count))?.or_raise(vm)
        },
    )
    .doc("Sends bytes of a file; gives how many."),
    method(
        "copy_file_range",
        "(src, dst, count, offset_src=None, offset_dst=None)",
        |vm: &mut Vm, from: i32, to: i32, count: Index, mut from_at: OrNone<i64>, mut to_at: OrNone<i64>| {
            let count = count_of(vm, count)?;
            vm.wait_for(|| descriptor::copy_range(from, from_at.0.as_mut(), to, to_at.0.as_mut(), count))?.or_raise(vm)
        },
    )
    .doc("Copies bytes of a file into another; gives how many."),
    method(
        "splice",
        "(src, dst, count, offset_src=None, offset_dst=None, flags=0)",
        |vm: &mut Vm,
         from: i32,
         to: i32,
         count: Index,
         mut from_at: OrNone<i64>,
         mut to_at: OrNone<i64>,
         flags: Option<u32>| {
            let (count, flags) = (count_of(vm, count)?, flags.unwrap_or(0));
            vm.wait_for(|| descriptor::splice(from, from_at.0.as_mut(), to, to_at.0.as_mut(), count, flags))?
                .or_raise(vm)
        },
    )
    .doc("Moves bytes from or to a pipe; gives how many."),
];

fn count_of(vm: &mut Vm, count: Index) -> PyResult<usize> {
    usize::try_from(count.0).map_err(|_| vm.raise_value("negative value for 'count' not allowed"))
}
