//! Waiting for something that another thread of the VM does.
//!
//! What is waited for is told apart by an address: of the object that changes, say. All of it happens under the VM's lock, so
//! that no change is missed between looking and waiting.

use super::Waiting;
use crate::vm::{PyResult, Vm};
use std::time::{Duration, Instant};

/// How long the main thread sleeps at a time: a signal's handler, which it has to answer, may not wake anybody.
const NAP: Duration = Duration::from_millis(20);
/// Collections of those who wait take no more than one part in so many of the time.
const TIME_BETWEEN_COLLECTIONS: u32 = 100;
/// Nor are there more than one in so long a time.
const MIN_BETWEEN_COLLECTIONS: Duration = Duration::from_millis(150);

impl Vm {
    /// Waits until `wake` is called for the key, or the deadline is there. Whoever waits looks anew then, since somebody else
    /// may have been faster. Raises what the thread is to answer meanwhile.
    pub fn wait_on(&mut self, key: usize, deadline: Option<Instant>) -> PyResult<bool> {
        let id = self.id().clone();
        id.waker.reset();
        self.threads.n_waits += 1;
        let wait = self.threads.n_waits;
        self.threads.waiting.push(Waiting { key, wait, thread: id.clone() });
        let mut answered = Ok(());
        let is_woken = loop {
            let until = match (id.is_main, deadline) {
                (false, deadline) => deadline,
                (true, deadline) => {
                    let nap = Instant::now() + NAP;
                    Some(deadline.map_or(nap, |deadline| deadline.min(nap)))
                }
            };
            self.allow_threads(|| id.waker.wait(until));
            if !self.is_waiting(wait) {
                break true;
            }
            if deadline.is_some_and(|deadline| Instant::now() >= deadline) {
                break false;
            }
            // Both may run Python code, which may wait for something else, too.
            self.collect_while_waiting();
            answered = self.answer_signals();
            if answered.is_err() || !self.is_waiting(wait) {
                break !self.is_waiting(wait);
            }
        };
        match (is_woken, &answered) {
            (false, _) => self.threads.waiting.retain(|waiting| waiting.wait != wait),
            // It was let go on just then: somebody else is to.
            (true, Err(_)) => self.wake(key),
            (true, Ok(())) => {}
        }
        answered.map(|()| is_woken)
    }

    fn is_waiting(&self, wait: u64) -> bool {
        self.threads.waiting.iter().any(|waiting| waiting.wait == wait)
    }

    /// The thread is about to wait for a while: what nobody refers to any more may be all that others wait for, such as a
    /// connection that nobody has closed.
    pub fn collect_while_waiting(&mut self) {
        let start = Instant::now();
        let last = self.threads.collected_while_waiting.get_or_insert((start, Duration::ZERO));
        let between = (last.1 * TIME_BETWEEN_COLLECTIONS).max(MIN_BETWEEN_COLLECTIONS);
        if start.duration_since(last.0) < between || !self.heap.expects_farewells() {
            return;
        }
        self.collect_now(true);
        let end = Instant::now();
        self.threads.collected_while_waiting = Some((end, end - start));
    }

    /// Lets the thread go on that waits for the key the longest.
    pub fn wake(&mut self, key: usize) {
        if let Some(at) = self.threads.waiting.iter().position(|waiting| waiting.key == key) {
            self.threads.waiting.remove(at).thread.waker.release();
        }
    }

    /// Lets all threads go on that wait for the key.
    pub fn wake_all(&mut self, key: usize) {
        self.threads.waiting.retain(|waiting| {
            let is_for_it = waiting.key == key;
            if is_for_it {
                waiting.thread.waker.release();
            }
            !is_for_it
        });
    }
}
