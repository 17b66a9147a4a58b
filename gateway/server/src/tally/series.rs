//! The last ten minutes in steps of five seconds.

use std::collections::VecDeque;
use std::time::Duration;

use super::Ending;
use super::histogram::Histogram;

/// The length of a step: a page that looks every few seconds sees every step.
pub(crate) const STEP: Duration = Duration::from_secs(5);

/// Ten minutes, at some 150 bytes a step.
const STEPS_MAX: usize = 120;

/// A ring of steps.
#[derive(Debug, Default)]
pub(crate) struct Series {
    /// The number of the first step since the beginning.
    first: u64,
    steps: VecDeque<Step>,
}

/// What happened in one step.
#[derive(Clone, Debug, Default)]
pub(crate) struct Step {
    /// How many ended.
    pub(crate) ended: u32,
    /// How many of them with errors.
    pub(crate) failures: u32,
    /// How long those took that were executed.
    pub(crate) times: Histogram,
}

/// A copy of a series.
#[derive(Clone, Debug)]
pub(crate) struct Chart {
    /// When its first step began, since the beginning.
    pub(crate) from: Duration,
    pub(crate) steps: Vec<Step>,
}

impl Chart {
    /// How long everything in it took.
    pub(crate) fn times(&self) -> Histogram {
        let mut times = Histogram::default();
        for step in &self.steps {
            times.add(&step.times);
        }
        times
    }
}

impl Series {
    /// Something ended `now`, which is counted from the beginning.
    pub(crate) fn count(&mut self, now: Duration, took: Option<Duration>, ending: Ending) {
        self.move_to(now);
        let step = self.steps.back_mut().expect("there is a step for now");
        step.ended = step.ended.saturating_add(1);
        if ending == Ending::WithErrors {
            step.failures = step.failures.saturating_add(1);
        }
        if let Some(took) = took {
            step.times.count(took);
        }
    }

    /// Something that was counted when it ended turned out to be a failure.
    pub(crate) fn fail(&mut self, now: Duration) {
        self.move_to(now);
        let step = self.steps.back_mut().expect("there is a step for now");
        step.failures = step.failures.saturating_add(1);
    }

    /// The steps up to `now`.
    pub(crate) fn chart(&self, now: Duration) -> Chart {
        let mut series = Self {
            first: self.first,
            steps: self.steps.clone(),
        };
        series.move_to(now);
        Chart {
            from: STEP * u32::try_from(series.first).unwrap_or(u32::MAX),
            steps: series.steps.into(),
        }
    }

    /// Makes the step of `now` the last one. A clock that is read a little late changes nothing.
    fn move_to(&mut self, now: Duration) {
        let step = now.as_secs() / STEP.as_secs();
        let kept = STEPS_MAX as u64;
        if step >= self.first + self.steps.len() as u64 + kept {
            self.steps.clear();
            self.first = (step + 1).saturating_sub(kept);
        }
        while self.first + self.steps.len() as u64 <= step {
            self.steps.push_back(Step::default());
        }
        while self.steps.len() > STEPS_MAX {
            self.steps.pop_front();
            self.first += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ended(chart: &Chart) -> Vec<u32> {
        chart.steps.iter().map(|step| step.ended).collect()
    }

    #[test]
    fn each_step_counts_what_ended_in_it() {
        let mut series = Series::default();
        for second in [0, 1, 6, 14] {
            let now = Duration::from_secs(second);
            series.count(now, Some(Duration::from_millis(3)), Ending::Clean);
        }
        series.count(Duration::from_secs(14), None, Ending::WithErrors);
        let chart = series.chart(Duration::from_secs(20));
        assert_eq!(ended(&chart), [2, 1, 2, 0, 0]);
        assert_eq!(chart.steps[2].failures, 1);
        assert_eq!(chart.from, Duration::ZERO);
        assert_eq!(chart.times().len(), 4);
    }

    #[test]
    fn old_steps_go_and_pauses_are_empty() {
        let mut series = Series::default();
        series.count(Duration::ZERO, None, Ending::Clean);
        let chart = series.chart(STEP * 119);
        assert_eq!((chart.steps.len(), chart.steps[0].ended), (120, 1));
        let chart = series.chart(STEP * 120);
        assert_eq!((chart.steps.len(), chart.steps[0].ended), (120, 0));
        assert_eq!(chart.from, STEP);
        series.count(STEP * 1_000_000, None, Ending::Clean);
        let chart = series.chart(STEP * 1_000_000);
        assert_eq!(chart.steps.len(), 120);
        assert_eq!(chart.from, STEP * 999_881);
        assert_eq!(ended(&chart).iter().sum::<u32>(), 1);
    }

    #[test]
    fn a_late_clock_counts_in_the_last_step() {
        let mut series = Series::default();
        series.count(STEP * 3, None, Ending::Clean);
        series.count(STEP * 2, None, Ending::Clean);
        assert_eq!(ended(&series.chart(STEP * 3)), [0, 0, 0, 2]);
    }
}
