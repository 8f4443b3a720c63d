//! How many threads share the work of a process.

use std::fs;

use rayon::ThreadPoolBuilder;

use crate::driver::read::Input;

/// A model of fewer bytes is reviewed before a second thread has begun.
const SHORT: u64 = 16 << 10;

/// Begins the threads that share the work: one for each processor, or none besides this one. It takes its share in either
/// case: it would otherwise be put to sleep and woken whenever work is shared out.
pub fn begin(is_alone: bool) {
    let builder = ThreadPoolBuilder::new().num_threads(usize::from(is_alone)).use_current_thread();
    // Where no pool can be made, the first share of work makes one of its own.
    let _ = builder.build_global();
}

/// Is it a short file that includes no other?
pub fn is_short(input: &Input) -> bool {
    let Input::File(path) = input else { return false };
    let is_small = fs::metadata(path).is_ok_and(|found| found.is_file() && found.len() < SHORT);
    is_small && fs::read_to_string(path).is_ok_and(|text| !text.contains("include"))
}
