//! Plans: what a subscription costs.
//!
//! A plan never changes. Selling it on other terms makes the next version of its code; who has
//! subscribed keeps the version that they subscribed to.

use std::collections::BTreeSet;

use kit::money::Currency;
use serde::{Deserialize, Serialize};

use super::exact::Exact;
use super::{ChargeId, MeterId, PlanId};

/// A plan in one version.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Plan {
    /// Its id; each version has its own.
    pub(crate) id: PlanId,
    /// The name in programs, equal in all versions.
    pub(crate) code: String,
    /// 1 and up within the code.
    pub(crate) version: i64,
    /// Whether new subscriptions may take it; only the latest version of a code can be.
    pub(crate) active: bool,
    /// What it costs.
    pub(crate) terms: Terms,
}

/// What a plan costs; two plans with equal terms are the same offer.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Terms {
    /// The name on invoices.
    pub(crate) name: String,
    /// The currency of every price in it.
    pub(crate) currency: Currency,
    /// How long a period is.
    pub(crate) interval: Interval,
    /// The price of one period per unit of the subscription's quantity, whole in minor units.
    pub(crate) base: Exact,
    /// What usage costs.
    pub(crate) charges: Vec<Charge>,
}

/// How long a period is.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Interval {
    /// Seven days.
    Week,
    /// A calendar month.
    Month,
    /// Three calendar months.
    Quarter,
    /// A calendar year.
    Year,
}

/// The price of what one meter counts.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
pub(crate) struct Charge {
    /// Its id.
    pub(crate) id: ChargeId,
    /// What is counted; a plan charges a meter at most once.
    pub(crate) meter: MeterId,
    /// How the tiers are read.
    pub(crate) model: Model,
    /// From the cheapest quantity up.
    pub(crate) tiers: Vec<Tier>,
    /// The least that a period's usage costs, whole in minor units.
    pub(crate) minimum: Option<Exact>,
    /// What is taken off the usage before it is priced.
    pub(crate) free_units: Option<Exact>,
}

/// How tiers make a price.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Model {
    /// One tier without an end: every unit costs its `unit_amount`.
    PerUnit,
    /// One tier: every package of `up_to` units costs `flat_amount`; one begun counts whole.
    Package,
    /// Each unit costs what the tier in which it lies says; a tier's `flat_amount` is due once when
    /// it is reached.
    Graduated,
    /// The tier in which the total lies prices all units, and its `flat_amount` is due once.
    Volume,
}

/// One step of a price.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize, Deserialize)]
pub(crate) struct Tier {
    /// The last quantity in it; `None` has no end.
    pub(crate) up_to: Option<Exact>,
    /// The price of one unit.
    pub(crate) unit_amount: Exact,
    /// A price due once.
    pub(crate) flat_amount: Exact,
}

/// An input that is not acceptable: where, and why.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Problem {
    /// The path below the input, such as `charges.0.tiers`.
    pub(crate) path: Vec<String>,
    /// What is wrong with it.
    pub(crate) message: String,
}

/// Room for every tariff we have seen, and a bound on the lines of an invoice.
const CHARGES_MAX: usize = 50;
const TIERS_MAX: usize = 20;

const NAME_CHARS_MAX: usize = 200;

impl Terms {
    /// Everything that is wrong with these terms; empty if nothing is.
    #[must_use]
    pub(crate) fn problems(&self) -> Vec<Problem> {
        let mut problems = Problems::default();
        if self.name.trim().is_empty() || self.name.chars().count() > NAME_CHARS_MAX {
            problems.add(&["name"], "use 1 to 200 characters");
        }
        let exponent = self.currency.exponent();
        check_amount(&mut problems, &["base"], self.base, exponent);
        if self.charges.len() > CHARGES_MAX {
            problems.add(&["charges"], "use at most 50 charges");
        }
        let mut meters = BTreeSet::new();
        for (index, charge) in self.charges.iter().enumerate() {
            let index = index.to_string();
            if !meters.insert(charge.meter) {
                problems.add(
                    &["charges", &index, "meterCode"],
                    "a plan charges a meter at most once",
                );
            }
            if let Some(minimum) = charge.minimum {
                let path = ["charges", &index, "minimum"];
                check_amount(&mut problems, &path, minimum, exponent);
            }
            if charge.free_units.is_some_and(Exact::is_negative) {
                problems.add(&["charges", &index, "freeUnits"], "use zero or more");
            }
            check_tiers(&mut problems, &["charges", &index, "tiers"], charge);
        }
        problems.0
    }
}

/// Whether `text` can be the code of a plan or a meter.
#[must_use]
pub(crate) fn is_code(text: &str) -> bool {
    (1..=64).contains(&text.len())
        && text.starts_with(|first: char| first.is_ascii_lowercase())
        && text
            .bytes()
            .all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'_' | b'-'))
}

#[derive(Default)]
struct Problems(Vec<Problem>);

impl Problems {
    fn add(&mut self, path: &[&str], message: &str) {
        self.0.push(Problem {
            path: path.iter().map(|&part| part.to_owned()).collect(),
            message: message.to_owned(),
        });
    }
}

fn check_amount(problems: &mut Problems, path: &[&str], amount: Exact, exponent: u32) {
    if amount.is_negative() {
        problems.add(path, "use zero or more");
    } else if amount.scale() > exponent {
        problems.add(path, "this has more decimals than the currency");
    } else if amount.times(Exact::ONE, exponent).is_err() {
        problems.add(path, "this is more than an amount of money can be");
    }
}

fn check_tiers(problems: &mut Problems, path: &[&str], charge: &Charge) {
    let tiers = &charge.tiers;
    if tiers.is_empty() || tiers.len() > TIERS_MAX {
        problems.add(path, "use 1 to 20 tiers");
        return;
    }
    if tiers
        .iter()
        .any(|tier| tier.unit_amount.is_negative() || tier.flat_amount.is_negative())
    {
        problems.add(path, "prices are zero or more");
    }
    match charge.model {
        Model::PerUnit => {
            if tiers.len() > 1 || tiers[0].up_to.is_some() || !tiers[0].flat_amount.is_zero() {
                problems.add(path, "a price per unit is one tier with `unitAmount` alone");
            }
        }
        Model::Package => {
            let sized = tiers[0].up_to.is_some_and(|size| size > Exact::ZERO);
            if tiers.len() > 1 || !sized || !tiers[0].unit_amount.is_zero() {
                problems.add(
                    path,
                    "a package is one tier: its size in `upTo`, its price in `flatAmount`, no `unitAmount`",
                );
            }
        }
        Model::Graduated | Model::Volume => {
            let (last, ends) = tiers.split_last().expect("there is a tier");
            if last.up_to.is_some() {
                problems.add(path, "the last tier has no `upTo`");
            }
            let mut floor = Some(Exact::ZERO);
            for tier in ends {
                if tier.up_to.is_none() || tier.up_to <= floor {
                    problems.add(path, "each tier but the last ends above the one before it");
                    break;
                }
                floor = tier.up_to;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use kit::time::Timestamp;

    use super::*;

    fn exact(text: &str) -> Exact {
        text.parse().expect("in range")
    }

    fn tier(up_to: Option<&str>, unit: &str, flat: &str) -> Tier {
        Tier {
            up_to: up_to.map(exact),
            unit_amount: exact(unit),
            flat_amount: exact(flat),
        }
    }

    fn terms(model: Model, tiers: Vec<Tier>) -> Terms {
        Terms {
            name: "Pro".to_owned(),
            currency: Currency::EUR,
            interval: Interval::Month,
            base: exact("9.90"),
            charges: vec![Charge {
                id: ChargeId::new(Timestamp::EPOCH),
                meter: MeterId::new(Timestamp::EPOCH),
                model,
                tiers,
                minimum: None,
                free_units: None,
            }],
        }
    }

    #[track_caller]
    fn check(terms: &Terms, paths: &[&str]) {
        let problems = terms.problems();
        let found: Vec<_> = problems.iter().map(|one| one.path.join(".")).collect();
        assert_eq!(found, paths, "{problems:?}");
    }

    #[test]
    fn each_model_has_its_form_of_tiers() {
        let unit = || tier(None, "0.01", "0");
        check(&terms(Model::PerUnit, vec![unit()]), &[]);
        check(
            &terms(Model::Package, vec![tier(Some("10"), "0", "5")]),
            &[],
        );
        let two = vec![tier(Some("10"), "1", "0"), unit()];
        check(&terms(Model::Graduated, two.clone()), &[]);
        check(&terms(Model::Volume, two.clone()), &[]);

        let bad = &["charges.0.tiers"];
        check(&terms(Model::PerUnit, two), bad);
        check(&terms(Model::PerUnit, vec![tier(None, "1", "1")]), bad);
        check(&terms(Model::Package, vec![unit()]), bad);
        check(&terms(Model::Package, vec![tier(Some("0"), "0", "5")]), bad);
        check(&terms(Model::Volume, vec![]), bad);
        check(&terms(Model::Volume, vec![tier(Some("10"), "1", "0")]), bad);
        check(&terms(Model::PerUnit, vec![tier(None, "-1", "0")]), bad);
        let falling = vec![
            tier(Some("10"), "1", "0"),
            tier(Some("10"), "1", "0"),
            unit(),
        ];
        check(&terms(Model::Graduated, falling), bad);
    }

    #[test]
    fn everything_wrong_is_said_at_once() {
        let mut terms = terms(Model::PerUnit, vec![tier(None, "0.01", "0")]);
        terms.name = " ".to_owned();
        terms.base = exact("9.905");
        terms.charges.push(terms.charges[0].clone());
        terms.charges[1].minimum = Some(exact("-1"));
        terms.charges[1].free_units = Some(exact("-1"));
        check(
            &terms,
            &[
                "name",
                "base",
                "charges.1.meterCode",
                "charges.1.minimum",
                "charges.1.freeUnits",
            ],
        );
    }

    #[test]
    fn a_price_beyond_money_is_refused() {
        let mut terms = terms(Model::PerUnit, vec![tier(None, "0.01", "0")]);
        terms.base = exact("9999999999999999");
        check(&terms, &[]);
        terms.currency = "KWD".parse().expect("a currency");
        check(&terms, &["base"]);
    }

    #[test]
    fn codes() {
        for (text, legal) in [
            ("pro", true),
            ("pro_2-a", true),
            ("", false),
            ("2pro", false),
            ("Pro", false),
        ] {
            assert_eq!(is_code(text), legal, "{text:?}");
        }
    }
}
