use std::io::IsTerminal;
use std::sync::Mutex;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::args::Global;
use crate::engine::Progress;

/// A bar on stderr for long work; silent when stderr is no terminal.
pub struct Bar {
    bar: Option<Mutex<ProgressBar>>,
}

impl Bar {
    /// A bar, unless it would disturb.
    pub fn new(global: &Global) -> Self {
        let wanted = !global.quiet && std::io::stderr().is_terminal() && std::env::var_os("CI").is_none();
        Self { bar: wanted.then(|| Mutex::new(ProgressBar::hidden())) }
    }
}

impl Progress for Bar {
    fn stage(&self, name: &'static str, total: usize) {
        let Some(bar) = &self.bar else { return };
        let fresh = ProgressBar::with_draw_target(Some(total as u64), ProgressDrawTarget::stderr_with_hz(10));
        if let Ok(style) = ProgressStyle::with_template("{prefix:>12} {bar:30} {pos}/{len}") {
            fresh.set_style(style);
        }
        fresh.set_prefix(name);
        fresh.enable_steady_tick(Duration::from_millis(200));
        let mut bar = bar.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        bar.finish_and_clear();
        *bar = fresh;
    }

    fn step(&self) {
        if let Some(bar) = &self.bar {
            bar.lock().unwrap_or_else(std::sync::PoisonError::into_inner).inc(1);
        }
    }
}

impl Drop for Bar {
    fn drop(&mut self) {
        if let Some(bar) = &self.bar {
            bar.lock().unwrap_or_else(std::sync::PoisonError::into_inner).finish_and_clear();
        }
    }
}
