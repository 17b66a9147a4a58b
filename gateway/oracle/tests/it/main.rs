//! What the gateway answers on random graphs is what one service answers.

mod faults;
mod random;
mod regressions;
