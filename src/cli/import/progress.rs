//! Progress: a bar on a terminal, plain lines now and then elsewhere.

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::io::IsTerminal;

/// Progress of one task.
pub struct Progress {
    label: &'static str,
    total: Option<u64>,
    bar: Option<ProgressBar>,
    told: u64,
}

/// Without a terminal a line is written every so many rows.
const LINE_EVERY: u64 = 2_000;

impl Progress {
    /// Progress towards a known end.
    pub fn new(label: &'static str, total: usize) -> Self {
        Self::start(label, u64::try_from(total).ok())
    }

    /// Progress towards an end that is not known.
    pub fn unbounded(label: &'static str) -> Self {
        Self::start(label, None)
    }

    fn start(label: &'static str, total: Option<u64>) -> Self {
        let bar = std::io::stderr().is_terminal().then(|| {
            let bar = ProgressBar::with_draw_target(total, ProgressDrawTarget::stderr());
            if let Ok(style) = ProgressStyle::with_template("{msg} {wide_bar} {pos}/{len} {eta}") {
                bar.set_style(style);
            }
            bar.set_message(label);
            bar
        });
        Self { label, total, bar, told: 0 }
    }

    /// So many are done.
    pub fn reached(&mut self, done: u64) {
        match &self.bar {
            Some(bar) => bar.set_position(done),
            None if done >= self.told + LINE_EVERY => {
                self.told = done;
                match self.total {
                    Some(total) => eprintln!("{} {done} of {total}", self.label),
                    None => eprintln!("{} {done}", self.label),
                }
            }
            None => {}
        }
    }

    /// It is over.
    pub fn finish(&mut self) {
        if let Some(bar) = self.bar.take() {
            bar.finish_and_clear();
        }
    }
}
