//! What the gateway answers on random graphs is what one service answers.

mod random;
mod regressions;
