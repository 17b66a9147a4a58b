//! From a plan and what was used to the lines of an invoice.
//!
//! The rules of rounding, all of them:
//!
//! 1. Quantities and prices are exact and never rounded.
//! 2. A line's amount is quantity × price, rounded once to the currency's minor unit, halves to the
//!    even neighbour.
//! 3. Every other amount is a sum of line amounts. So an invoice adds up on paper.
//!
//! A charge with tiers makes a line per tier that is used, so that rule 2 holds for each.

use kit::money::Minor;

use super::MeterId;
use super::exact::{Exact, OutOfRange};
use super::plan::{Charge, Model, Plan, Tier};

/// One line of an invoice.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Line {
    /// What it is for.
    pub(crate) kind: LineKind,
    /// The same in words.
    pub(crate) description: String,
    /// How much.
    pub(crate) quantity: Exact,
    /// At what price each.
    pub(crate) unit_amount: Exact,
    /// The product, rounded as the rules of this module say.
    pub(crate) amount: Minor,
    /// What was counted, if something was.
    pub(crate) meter: Option<MeterId>,
}

/// What a line is for.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum LineKind {
    /// The plan's base price.
    Subscription,
    /// What was used.
    Usage,
    /// What is missing to a charge's minimum.
    Minimum,
}

/// What one meter counted in a period.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Used {
    /// The meter.
    pub(crate) meter: MeterId,
    /// Its code, for the line's words.
    pub(crate) code: String,
    /// The number.
    pub(crate) value: Exact,
}

/// The lines for one period of `plan`: the base price, then the charges in the plan's order.
///
/// # Errors
///
/// [`OutOfRange`] if an amount does not fit the 64 bits that money has.
pub(crate) fn lines(plan: &Plan, quantity: Exact, used: &[Used]) -> Result<Vec<Line>, OutOfRange> {
    let exponent = plan.terms.currency.exponent();
    let mut lines = Vec::new();
    if !plan.terms.base.is_zero() {
        lines.push(Line {
            kind: LineKind::Subscription,
            description: plan.terms.name.clone(),
            quantity,
            unit_amount: plan.terms.base,
            amount: quantity.times(plan.terms.base, exponent)?,
            meter: None,
        });
    }
    for charge in &plan.terms.charges {
        let used = used.iter().find(|used| used.meter == charge.meter);
        let (code, value) = used.map_or(("", Exact::ZERO), |used| (&*used.code, used.value));
        lines.extend(charge_lines(charge, code, value, exponent)?);
    }
    Ok(lines)
}

/// The sum of the lines.
///
/// # Errors
///
/// [`OutOfRange`] if it does not fit.
pub(crate) fn total(lines: &[Line]) -> Result<Minor, OutOfRange> {
    lines
        .iter()
        .try_fold(Minor::ZERO, |sum, line| sum.checked_add(line.amount))
        .ok_or(OutOfRange)
}

/// The lines of one charge.
///
/// # Errors
///
/// [`OutOfRange`].
pub(crate) fn charge_lines(
    charge: &Charge,
    code: &str,
    value: Exact,
    exponent: u32,
) -> Result<Vec<Line>, OutOfRange> {
    let units = value.less_or_zero(charge.free_units.unwrap_or(Exact::ZERO));
    let mut lines = UsageLines {
        charge,
        exponent,
        lines: Vec::new(),
    };
    match charge.model {
        Model::PerUnit => lines.add(code, units, charge.tiers[0].unit_amount)?,
        Model::Package => {
            let size = charge.tiers[0].up_to.ok_or(OutOfRange)?;
            let words = format!("{code}, packages of {size}");
            lines.add(
                &words,
                units.packages_of(size)?,
                charge.tiers[0].flat_amount,
            )?;
        }
        Model::Graduated => {
            let mut floor = Exact::ZERO;
            for tier in &charge.tiers {
                let end = tier.up_to.map_or(units, |up_to| up_to.min(units));
                let inside = end.less_or_zero(floor);
                if inside.is_zero() {
                    break;
                }
                lines.add_tier(code, floor, tier.up_to, inside, tier)?;
                floor = end;
            }
        }
        Model::Volume => {
            let mut tiers = charge.tiers.iter();
            let tier = tiers.find(|tier| tier.up_to.is_none_or(|end| units <= end));
            let tier = tier.ok_or(OutOfRange)?;
            if !units.is_zero() {
                lines.add_tier(code, Exact::ZERO, tier.up_to, units, tier)?;
            }
        }
    }
    lines.finish(code)
}

struct UsageLines<'a> {
    charge: &'a Charge,
    exponent: u32,
    lines: Vec<Line>,
}

impl UsageLines<'_> {
    /// A line of usage; nothing if nothing was used.
    fn add(&mut self, words: &str, quantity: Exact, price: Exact) -> Result<(), OutOfRange> {
        if quantity.is_zero() {
            return Ok(());
        }
        self.push(LineKind::Usage, words.to_owned(), quantity, price)
    }

    fn add_tier(
        &mut self,
        code: &str,
        floor: Exact,
        end: Option<Exact>,
        units: Exact,
        tier: &Tier,
    ) -> Result<(), OutOfRange> {
        let range = match end {
            Some(end) => format!("above {floor} up to {end}"),
            None => format!("above {floor}"),
        };
        self.add(&format!("{code}, {range}"), units, tier.unit_amount)?;
        if tier.flat_amount.is_zero() {
            return Ok(());
        }
        let words = format!("{code}, {range}, once");
        self.push(LineKind::Usage, words, Exact::ONE, tier.flat_amount)
    }

    fn push(
        &mut self,
        kind: LineKind,
        description: String,
        quantity: Exact,
        price: Exact,
    ) -> Result<(), OutOfRange> {
        self.lines.push(Line {
            kind,
            description,
            quantity,
            unit_amount: price,
            amount: quantity.times(price, self.exponent)?,
            meter: Some(self.charge.meter),
        });
        Ok(())
    }

    /// Adds what is missing to the charge's minimum.
    fn finish(mut self, code: &str) -> Result<Vec<Line>, OutOfRange> {
        if let Some(minimum) = self.charge.minimum {
            let missing = Exact::ONE
                .times(minimum, self.exponent)?
                .checked_sub(total(&self.lines)?)
                .ok_or(OutOfRange)?;
            if missing > Minor::ZERO {
                let price = Exact::new(i128::from(missing.0), self.exponent)?;
                let words = format!("{code}, up to the minimum");
                self.push(LineKind::Minimum, words, Exact::ONE, price)?;
            }
        }
        Ok(self.lines)
    }
}

#[cfg(test)]
mod tests;
