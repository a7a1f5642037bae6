//! How a background thread sleeps: until it is woken, told to stop, or has slept long enough.

use std::sync::{Condvar, Mutex, PoisonError};
use std::time::Duration;

#[derive(Default)]
struct State {
    woken: bool,
    stopping: bool,
}

/// Shared by the thread that sleeps and those who wake it.
#[derive(Default)]
pub(super) struct Signal(Mutex<State>, Condvar);

impl Signal {
    /// Ends the thread's sleep.
    pub(super) fn wake(&self) {
        self.change(|state| state.woken = true);
    }

    /// Tells the thread to stop.
    pub(super) fn stop(&self) {
        self.change(|state| state.stopping = true);
    }

    fn change(&self, change: impl FnOnce(&mut State)) {
        change(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner));
        self.1.notify_all();
    }

    /// Sleeps for `longest` at the most; `false` when it is time to stop.
    pub(super) fn wait(&self, longest: Duration) -> bool {
        let state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (mut state, _) = self
            .1
            .wait_timeout_while(state, longest, |state| !state.woken && !state.stopping)
            .unwrap_or_else(PoisonError::into_inner);
        state.woken = false;
        !state.stopping
    }
}
