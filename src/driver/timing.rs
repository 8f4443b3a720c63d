//! How long the stages of a run took. Figures are for people; no output holds them.

use std::time::{Duration, Instant};

/// Stages with their times, in the order in which they first ran.
#[derive(Debug, Default)]
pub struct Stopwatch {
    laps: Vec<(&'static str, Duration)>,
}

impl Stopwatch {
    /// Runs one stage and adds its time to those of the same name.
    pub fn time<T>(&mut self, stage: &'static str, run: impl FnOnce() -> T) -> T {
        let start = Instant::now();
        let result = run();
        self.add(stage, start.elapsed());
        result
    }

    fn add(&mut self, stage: &'static str, time: Duration) {
        match self.laps.iter_mut().find(|(name, _)| *name == stage) {
            Some((_, sum)) => *sum += time,
            None => self.laps.push((stage, time)),
        }
    }

    /// The stages and their times.
    pub fn laps(&self) -> &[(&'static str, Duration)] {
        &self.laps
    }
}
