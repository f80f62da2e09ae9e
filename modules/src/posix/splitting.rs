//! What `posixpath` does with the text of paths.

use stitch_runtime::object::argument::{Parameter, Place, This, method};
use stitch_runtime::object::layout::BytesObject;
use stitch_runtime::object::native::NativeRow;
use stitch_runtime::{PyResult, Value, Vm};

pub const FUNCTIONS: &[NativeRow] = &[
    method("_path_normpath", "(path)", normalize).doc("A path without what leads nowhere: a//b/./c/.. is a/b."),
    method("_path_splitroot_ex", "(path)", split_root)
        .doc("The drive, which is empty, the root and the rest of a path."),
];

/// The text of a path, which may have anything in it: code points, or bytes.
struct PathText {
    points: Vec<u32>,
    is_bytes: bool,
}

impl Parameter for PathText {
    fn from_argument(vm: &mut Vm, argument: Value, place: Place<'_>) -> PyResult<PathText> {
        let Ok(path) = vm.fs_path(argument) else {
            if vm.exception_matches(vm.exceptions.TypeError) {
                vm.clear_exception();
                let (function, given) = (place.binding.row.name, vm.class_name(argument));
                let message = format!("{function}: path should be string, bytes or os.PathLike, not {given}");
                return Err(vm.raise_type(&message));
            }
            return Err(stitch_runtime::Raised);
        };
        Ok(match This::<BytesObject>::of(vm, path) {
            Some(bytes) => PathText { points: bytes.data().iter().map(|&byte| byte.into()).collect(), is_bytes: true },
            None => PathText { points: vm.str_of(path).view().code_points().collect(), is_bytes: false },
        })
    }
}

impl PathText {
    fn value(&self, vm: &mut Vm, points: &[u32]) -> PyResult {
        if self.is_bytes {
            let bytes: Vec<u8> = points.iter().map(|&point| point as u8).collect();
            return vm.new_bytes(&bytes);
        }
        Ok(vm.str_from_code_points(points))
    }

    /// Where the root ends: behind one slash or two, but not three.
    fn root_len(&self) -> usize {
        match self.points.iter().take_while(|&&point| point == SLASH).count() {
            0 => 0,
            2 => 2,
            _ => 1,
        }
    }
}

const SLASH: u32 = '/' as u32;
const DOT: u32 = '.' as u32;

fn normalize(vm: &mut Vm, path: PathText) -> PyResult {
    let root = path.root_len();
    let mut parts: Vec<&[u32]> = Vec::new();
    for part in path.points[root..].split(|&point| point == SLASH) {
        match part {
            [] | [DOT] => {}
            [DOT, DOT] if parts.last().is_some_and(|last| *last != [DOT, DOT]) => drop(parts.pop()),
            [DOT, DOT] if root > 0 => {}
            part => parts.push(part),
        }
    }
    let mut normal = path.points[..root].to_vec();
    normal.extend(parts.join(&SLASH));
    if normal.is_empty() {
        normal.push(DOT);
    }
    path.value(vm, &normal)
}

fn split_root(vm: &mut Vm, path: PathText) -> PyResult {
    let (root, rest) = path.points.split_at(path.root_len());
    let parts = [path.value(vm, &[])?, path.value(vm, root)?, path.value(vm, rest)?];
    Ok(vm.new_tuple(&parts))
}
