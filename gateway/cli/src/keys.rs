//! `tenon config keys`: new secrets for a cluster.

use std::io::Write as _;
use std::process::ExitCode;

use anyhow::Result;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use kit::config::SecretKeys;
use kit::token::PublicKey;
use server::InternalSigner;

/// Prints one `NAME=value` a line, as files of environment variables have them.
pub(crate) fn run() -> Result<ExitCode> {
    let mut seed = [0; 32];
    getrandom::fill(&mut seed)?;
    let public = PublicKey::new(InternalSigner::from_seed(&seed).public_key());
    let mut password = [0; 24];
    getrandom::fill(&mut password)?;
    let mut out = std::io::stdout().lock();
    writeln!(
        out,
        "TENON_INTERNAL_SIGNING_KEY={}",
        URL_SAFE_NO_PAD.encode(seed)
    )?;
    writeln!(out, "TENON_INTERNAL_KEYS={public}")?;
    writeln!(
        out,
        "TENON_SECRET_KEYS={}",
        *SecretKeys::generate().expose()
    )?;
    writeln!(
        out,
        "TENON_POSTGRES_PASSWORD={}",
        URL_SAFE_NO_PAD.encode(password)
    )?;
    Ok(ExitCode::SUCCESS)
}
