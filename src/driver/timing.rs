//! How long the stages of a run took. Figures are for people; no output holds them.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// Stages with their times, in the order in which they first ended.
#[derive(Debug)]
pub struct Stopwatch {
    /// When the last stage ended.
    since: Instant,
    laps: Vec<(&'static str, Duration)>,
    /// Work done side by side within a stage.
    parts: Mutex<Vec<(&'static str, Duration)>>,
}

impl Default for Stopwatch {
    fn default() -> Self {
        Self { since: Instant::now(), laps: Vec::new(), parts: Mutex::default() }
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

    /// Runs a part of a stage and notes its time; parts may run side by side.
    pub fn part(&self, name: &'static str, work: &mut dyn FnMut()) {
        let start = Instant::now();
        work();
        let time = start.elapsed();
        self.parts.lock().unwrap_or_else(PoisonError::into_inner).push((name, time));
    }

    /// The parts and their times, in the order in which they ended.
    pub fn parts(&self) -> Vec<(&'static str, Duration)> {
        self.parts.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The stages and their times.
    pub fn laps(&self) -> &[(&'static str, Duration)] {
        &self.laps
    }
}
