//! How long the stages of a run took. Figures are for people; no output holds them.

use std::time::{Duration, Instant};

/// Stages with their times, in the order in which they first ended.
#[derive(Debug)]
pub struct Stopwatch {
    /// When the last stage ended.
    since: Instant,
    laps: Vec<(&'static str, Duration)>,
}

impl Default for Stopwatch {
    fn default() -> Self {
        Self { since: Instant::now(), laps: Vec::new() }
    }
}

impl Stopwatch {
    /// A stage has ended: the time since the last one is its own. Times of the same name are added.
    pub fn lap(&mut self, stage: &'static str) {
        let now = Instant::now();
        let time = now.duration_since(self.since);
        self.since = now;
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
