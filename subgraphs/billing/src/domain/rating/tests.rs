use kit::money::Currency;
use kit::time::Timestamp;

use super::*;
use crate::domain::plan::{Interval, Terms};
use crate::domain::{ChargeId, PlanId};

fn exact(text: &str) -> Exact {
    text.parse().expect("in range")
}

fn tier(up_to: &str, unit: &str, flat: &str) -> Tier {
    Tier {
        up_to: (!up_to.is_empty()).then(|| exact(up_to)),
        unit_amount: exact(unit),
        flat_amount: exact(flat),
    }
}

fn charge(model: Model, tiers: Vec<Tier>) -> Charge {
    Charge {
        id: ChargeId::new(Timestamp::EPOCH),
        meter: MeterId::new(Timestamp::EPOCH),
        model,
        tiers,
        minimum: None,
        free_units: None,
    }
}

/// Checks quantity, price and amount in cents of each line.
#[track_caller]
fn check(charge: &Charge, used: &str, expected: &[(&str, &str, i64)]) {
    let lines = charge_lines(charge, "calls", exact(used), 2).expect("in range");
    let seen: Vec<_> = lines
        .iter()
        .map(|line| {
            let product = line.quantity.times(line.unit_amount, 2);
            assert_eq!(product, Ok(line.amount), "amount = quantity × price");
            (
                line.quantity.to_string(),
                line.unit_amount.to_string(),
                line.amount.0,
            )
        })
        .collect();
    let expected: Vec<_> = expected
        .iter()
        .map(|&(quantity, price, amount)| (quantity.to_owned(), price.to_owned(), amount))
        .collect();
    assert_eq!(seen, expected, "{used} used");
}

#[test]
fn per_unit_prices_every_unit() {
    let charge = charge(Model::PerUnit, vec![tier("", "0.0125", "0")]);
    check(&charge, "0", &[]);
    check(&charge, "1", &[("1", "0.0125", 1)]);
    check(&charge, "1000", &[("1000", "0.0125", 1_250)]);
    check(&charge, "0.5", &[("0.5", "0.0125", 1)]);
}

#[test]
fn free_units_come_off_first() {
    let charge = Charge {
        free_units: Some(exact("100")),
        ..charge(Model::PerUnit, vec![tier("", "0.10", "0")])
    };
    check(&charge, "100", &[]);
    check(&charge, "101.5", &[("1.5", "0.1", 15)]);
}

#[test]
fn graduated_prices_each_tier_by_itself() {
    let charge = charge(
        Model::Graduated,
        vec![
            tier("1000", "0", "0"),
            tier("5000", "0.01", "0"),
            tier("", "0.005", "2"),
        ],
    );
    check(&charge, "0", &[]);
    check(&charge, "1000", &[("1000", "0", 0)]);
    check(&charge, "1001", &[("1000", "0", 0), ("1", "0.01", 1)]);
    check(
        &charge,
        "7001",
        &[
            ("1000", "0", 0),
            ("4000", "0.01", 4_000),
            ("2001", "0.005", 1_000),
            ("1", "2", 200),
        ],
    );
}

#[test]
fn volume_prices_all_units_by_the_tier_of_the_total() {
    let charge = charge(
        Model::Volume,
        vec![tier("1000", "0.02", "0"), tier("", "0.01", "5")],
    );
    check(&charge, "0", &[]);
    check(&charge, "1000", &[("1000", "0.02", 2_000)]);
    check(
        &charge,
        "1000.5",
        &[("1000.5", "0.01", 1_000), ("1", "5", 500)],
    );
}

#[test]
fn packages_begun_are_charged_whole() {
    let charge = charge(Model::Package, vec![tier("100", "0", "3.50")]);
    check(&charge, "0", &[]);
    check(&charge, "0.001", &[("1", "3.5", 350)]);
    check(&charge, "201", &[("3", "3.5", 1_050)]);
}

#[test]
fn what_is_missing_to_the_minimum_is_a_line() {
    let charge = Charge {
        minimum: Some(exact("10")),
        ..charge(Model::PerUnit, vec![tier("", "0.10", "0")])
    };
    check(&charge, "0", &[("1", "10", 1_000)]);
    check(&charge, "25", &[("25", "0.1", 250), ("1", "7.5", 750)]);
    check(&charge, "100", &[("100", "0.1", 1_000)]);
}

#[test]
fn an_invoice_adds_up() {
    let charge = charge(
        Model::Graduated,
        vec![tier("10", "0.0049", "0"), tier("", "0.0051", "0")],
    );
    let meter = charge.meter;
    let plan = Plan {
        id: PlanId::new(Timestamp::EPOCH),
        code: "pro".to_owned(),
        version: 1,
        active: true,
        terms: Terms {
            name: "Pro".to_owned(),
            currency: Currency::EUR,
            interval: Interval::Month,
            base: exact("29.99"),
            charges: vec![charge],
        },
    };
    let used = [Used {
        meter,
        code: "calls".to_owned(),
        value: exact("13"),
    }];
    let lines = lines(&plan, exact("3"), &used).expect("in range");
    let amounts: Vec<_> = lines.iter().map(|line| line.amount.0).collect();
    assert_eq!(amounts, [8_997, 5, 2]);
    assert_eq!(total(&lines), Ok(Minor(9_004)));
}

#[test]
fn amounts_beyond_money_are_an_error_and_never_wrap() {
    let charge = charge(Model::PerUnit, vec![tier("", "9999999999999999", "0")]);
    assert_eq!(
        charge_lines(&charge, "calls", exact("9999999999999999"), 2),
        Err(OutOfRange)
    );
}
