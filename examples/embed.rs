//! A game whose rules are Python: a Rust type as a class, closures as functions, handles that are kept, limits, errors.
//!
//! `cargo run --release --ignore-rust-version --example embed`

use std::cell::RefCell;
use std::rc::Rc;
use std::time::Duration;

use stitch::{ErrorKind, Keywords, Machine, Object, Result};

/// Who plays.
struct Player {
    name: String,
    health: i64,
}

const RULES: &str = "
from game import Player, on, log

@on('fall')
def fall(player, height):
    if height > 3:
        player.hurt(height * 2)
        log(player.name, 'fell', height=height)

@on('rest')
def rest(player, hours):
    player.health += hours

heroes = [Player('Ada', 30), Player('Grace', 25)]
";

fn main() -> Result<()> {
    let machine = Machine::builder().capture_output().memory_limit(64 << 20).build()?;

    let player = machine
        .class::<Player>("Player")
        .doc("Who plays.")
        .constructor(|name: String, health: i64| Player { name, health })
        .property("name", |player: &Player| player.name.clone())
        .property_mut(
            "health",
            |player: &Player| player.health,
            |player: &mut Player, health: i64| player.health = health.min(100),
        )
        .method_mut("hurt", |player: &mut Player, by: i64| player.health = (player.health - by).max(0))
        .method("__repr__", |player: &Player| format!("<{}: {}>", player.name, player.health))
        .build()?;

    // The program registers its functions; Rust keeps and calls them.
    let handlers: Rc<RefCell<Vec<(String, Object)>>> = Rc::default();
    let registered = handlers.clone();
    machine
        .module("game")
        .constant("Player", player.object())
        .function("on", move |context: stitch::Context, event: String| {
            let registered = registered.clone();
            context.new_function("register", "", move |handler: Object| {
                registered.borrow_mut().push((event.clone(), handler.clone()));
                handler
            })
        })
        .function("log", |who: String, what: String, details: Keywords<Object>| {
            println!("{who} {what} {:?}", details.0)
        })
        .build()?;
    machine.exec_named(RULES, "rules.py")?;

    let heroes: Vec<Object> = machine.get("heroes")?.extract()?;
    let tell = |event: &str, hero: &Object, n: i64| -> Result<()> {
        let handlers = handlers.borrow().clone();
        handlers.iter().filter(|(name, _)| name == event).try_for_each(|(_, handler)| handler.call((hero, n)).map(drop))
    };
    tell("fall", &heroes[0], 5)?;
    tell("fall", &heroes[1], 1)?;
    tell("rest", &heroes[0], 8)?;
    println!("{heroes:?}");
    assert_eq!(heroes[0].with(|player: &Player| player.health)?, 28);

    // What goes wrong is told with its place.
    let error = tell("rest", &machine.object("nobody")?, 1).unwrap_err();
    print!("{}", error.traceback());
    assert_eq!(error.frames().last().map(|frame| frame.line), Some(12));

    // A rule that does not end, and one that wants everything.
    machine.set_time_limit(Some(Duration::from_millis(50)))?;
    let error = machine.exec("while True: pass").unwrap_err();
    assert_eq!(error.kind(), ErrorKind::LimitReached);
    machine.set_time_limit(None)?;
    let error = machine.exec("kept = []\nwhile True: kept.append([0] * 1000)").unwrap_err();
    println!("{error}; {} MiB in use", machine.memory_bytes()? >> 20);

    // Objects may outlive the machine; they are of no use then.
    drop(machine);
    assert_eq!(heroes[0].get("name").unwrap_err().kind(), ErrorKind::Gone);
    Ok(())
}
