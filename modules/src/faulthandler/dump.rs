//! The text that says where threads stand.

use crate::posix::OrRaise;
use stitch_runtime::host::descriptor;
use stitch_runtime::{PyResult, Value, Vm};

/// Frames that are shown of a thread, and characters of a name.
const MAX_FRAMES: usize = 100;
const MAX_CHARS: usize = 500;

/// Where the running thread stands; where all do, the main one last.
pub fn dump(vm: &mut Vm, all_threads: bool) -> PyResult<String> {
    if !all_threads {
        let mut text = String::from("Stack (most recent call first):\n");
        if let Ok(frame) = vm.frame_object(0) {
            add_frames(vm, &mut text, frame)?;
        }
        vm.clear_exception();
        return Ok(text);
    }
    let (current, main) = (vm.thread_ident(), vm.threads.main_ident());
    let name = vm.intern("_current_frames");
    let mut text = String::new();
    let Some(function) = vm.sys_entry(name) else { return Ok(text) };
    let frames = vm.call(function, &[])?;
    let items = vm.intern("items");
    let frames = vm.call_method(frames, items, &[])?;
    let frames = vm.collect_tuple(frames)?;
    let frames = vm.tuple_items(frames);
    let ident_of = |frame: Value| vm.tuple_items(frame)[0];
    let mut order: Vec<usize> = (0..frames.len()).collect();
    order.sort_by_key(|&at| ident_of(frames[at]).to_small_int() == Some(main));
    for at in order {
        let (ident, frame) = (vm.tuple_items(frames[at])[0], vm.tuple_items(frames[at])[1]);
        let ident = vm.index_i64(ident)?;
        if !text.is_empty() {
            text.push('\n');
        }
        let kind = if ident == current { "Current thread" } else { "Thread" };
        text.push_str(&format!("{kind} 0x{ident:016x} (most recent call first):\n"));
        add_frames(vm, &mut text, frame)?;
    }
    Ok(text)
}

fn add_frames(vm: &mut Vm, text: &mut String, innermost: Value) -> PyResult<()> {
    let mut frame = innermost;
    for n_shown in 0.. {
        if frame.is_none() {
            break;
        }
        if n_shown == MAX_FRAMES {
            text.push_str("  ...\n");
            break;
        }
        let mut attribute = |owner: Value, name: &str| {
            let name = vm.intern(name);
            vm.get_attr(owner, name)
        };
        let code = attribute(frame, "f_code")?;
        let (file, name, line) =
            (attribute(code, "co_filename")?, attribute(code, "co_name")?, attribute(frame, "f_lineno")?);
        frame = attribute(frame, "f_back")?;
        let line = if line.is_int() { line.as_int().to_string() } else { "???".to_string() };
        let [file, name] = [file, name].map(|text| shown(&vm.string_of(text)));
        text.push_str(&format!("  File \"{file}\", line {line} in {name}\n"));
    }
    Ok(())
}

/// So much of a name as is shown, in ASCII.
fn shown(name: &str) -> String {
    let mut text = String::new();
    for char in name.chars().take(MAX_CHARS) {
        match char as u32 {
            0x20..0x7f => text.push(char),
            code @ ..0x100 => text.push_str(&format!("\\x{code:02x}")),
            code @ ..0x1_0000 => text.push_str(&format!("\\u{code:04x}")),
            code => text.push_str(&format!("\\U{code:08x}")),
        }
    }
    if name.chars().nth(MAX_CHARS).is_some() {
        text.push_str("...");
    }
    text
}

pub fn write(vm: &mut Vm, descriptor: i32, text: &str) -> PyResult<()> {
    let mut rest = text.as_bytes();
    while !rest.is_empty() {
        let written = descriptor::write(descriptor, rest).or_raise(vm)?;
        rest = &rest[written..];
    }
    Ok(())
}
