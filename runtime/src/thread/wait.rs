//! Waiting for something that another thread of the VM does.
//!
//! What is waited for is told apart by an address: of the object that changes, say. All of it happens under the VM's lock, so
//! that no change is missed between looking and waiting.

use crate::vm::{PyResult, Vm};
use std::time::{Duration, Instant};

/// How long the main thread sleeps at a time: a signal's handler, which it has to answer, may not wake anybody.
const NAP: Duration = Duration::from_millis(20);

impl Vm {
    /// Waits until `wake` is called for the key, or the deadline is there. Whoever waits looks anew then, since somebody else
    /// may have been faster. Raises what the thread is to answer meanwhile.
    pub fn wait_on(&mut self, key: usize, deadline: Option<Instant>) -> PyResult<bool> {
        let id = self.id().clone();
        id.waker.reset();
        self.threads.waiting.push((key, id.clone()));
        let mut answered = Ok(());
        let is_woken = loop {
            let until = match (id.is_main, deadline) {
                (false, deadline) => deadline,
                (true, deadline) => {
                    let nap = Instant::now() + NAP;
                    Some(deadline.map_or(nap, |deadline| deadline.min(nap)))
                }
            };
            let is_woken = self.allow_threads(|| id.waker.wait(until));
            if is_woken || deadline.is_some_and(|deadline| Instant::now() >= deadline) {
                break is_woken;
            }
            answered = self.answer_signals();
            if answered.is_err() {
                break false;
            }
        };
        if !is_woken {
            let number = id.number;
            self.threads.waiting.retain(|(_, waiting)| waiting.number != number);
            if id.waker.wait(Some(Instant::now())) && answered.is_err() {
                // It was let go on just then: somebody else is to.
                self.wake(key);
            }
        }
        answered.map(|()| is_woken)
    }

    /// Lets the thread go on that waits for the key the longest.
    pub fn wake(&mut self, key: usize) {
        if let Some(at) = self.threads.waiting.iter().position(|(waiting_for, _)| *waiting_for == key) {
            self.threads.waiting.remove(at).1.waker.release();
        }
    }

    /// Lets all threads go on that wait for the key.
    pub fn wake_all(&mut self, key: usize) {
        self.threads.waiting.retain(|(waiting_for, id)| {
            let is_for_it = *waiting_for == key;
            if is_for_it {
                id.waker.release();
            }
            !is_for_it
        });
    }
}
