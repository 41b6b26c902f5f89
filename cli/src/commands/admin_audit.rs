//! The audit trail: searched, taken away, and proven.

use crate::api::{Api, Call, operations};
use crate::errors::Failure;
use crate::output::{self, Table, clean_line};
use crate::session::Session;
use crate::when::ago;
use clap::{Args, Subcommand, ValueEnum};
use owp_chain::{Fault, Proof, Verifier, digest_of};
use owp_wire::{AuditEvent, AuditSeal, EventType, ListAuditEventsResponse, Timestamp};
use serde_json::{Value, json};
use std::fs::{File, OpenOptions};
use std::io::{BufRead, BufReader, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// An export may be long and a line slow; who does not want to wait can stop it.
const EXPORT_WAIT: Duration = Duration::from_hours(6);

const NDJSON: &str = "application/x-ndjson";

const EXAMPLES: &str = "\
Examples:
  owp admin audit --actor w_abc123 --since 7d
  owp admin audit export --out trail.ndjson
  owp admin audit verify trail.ndjson --key KEY";

#[derive(Args)]
#[command(after_help = EXAMPLES, args_conflicts_with_subcommands = true)]
pub struct AuditArgs {
    #[command(subcommand)]
    command: Option<AuditCommand>,
    #[command(flatten)]
    search: SearchArgs,
    /// How many at the most
    #[arg(long, default_value_t = 50, value_parser = clap::value_parser!(u32).range(1..=1000))]
    limit: u32,
}

#[derive(Subcommand)]
enum AuditCommand {
    /// Take the trail away, oldest first: with its seals where nothing but a time is asked for
    Export(ExportArgs),
    /// Prove that the trail is as it was sealed, or name the first bad batch
    Verify(VerifyArgs),
}

#[derive(Args, Default)]
struct SearchArgs {
    /// Such as `task_merged` or `sign_in_failed`
    #[arg(long = "type", value_name = "TYPE")]
    kind: Option<EventType>,
    /// A worker's id, `admin`, `anonymous` or `system`
    #[arg(long)]
    actor: Option<String>,
    /// A task, a worker, a repository, or `server`
    #[arg(long)]
    target: Option<String>,
    /// From then on: a time, or how long ago, such as 7d
    #[arg(long, value_parser = ago)]
    since: Option<Timestamp>,
    /// Until then
    #[arg(long, value_parser = ago)]
    until: Option<Timestamp>,
}

#[derive(Args)]
struct ExportArgs {
    #[command(flatten)]
    search: SearchArgs,
    /// One entry a line as JSON, or a table for a spreadsheet
    #[arg(long, value_enum, default_value_t = Format::Ndjson)]
    format: Format,
    /// The file to write; without it, to standard output
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

#[derive(Clone, Copy, ValueEnum)]
enum Format {
    /// One event a line, with what proves them
    Ndjson,
    /// For a spreadsheet
    Csv,
}

#[derive(Args)]
struct VerifyArgs {
    /// An export; without it, what the server has
    file: Option<PathBuf>,
    /// The public key that signs, as an earlier `verify` printed it; without one, any key is taken
    #[arg(long)]
    key: Vec<String>,
    /// The head that an earlier `verify` printed: the trail must contain it, or its end was cut off
    #[arg(long)]
    head: Option<String>,
}

pub async fn run(session: &Session, args: AuditArgs) -> Result<(), Failure> {
    match args.command {
        None => list(session, &args.search, args.limit).await,
        Some(AuditCommand::Export(args)) => export(session, &args).await,
        Some(AuditCommand::Verify(args)) => verify(session, args).await,
    }
}

impl SearchArgs {
    fn call(&self) -> Call {
        operations::list_audit_events()
            .with_query("type", self.kind)
            .with_query("actor", self.actor.as_ref())
            .with_query("target", self.target.as_ref())
            .with_query("from", self.since)
            .with_query("to", self.until)
    }
}

async fn list(session: &Session, search: &SearchArgs, limit: u32) -> Result<(), Failure> {
    let call = search.call().with_query("limit", Some(limit));
    session
        .send_and_show(&call, |answer: &ListAuditEventsResponse| {
            if answer.events.is_empty() {
                return "nothing happened that fits".to_owned();
            }
            let mut table = Table::new(&["WHEN", "WHAT", "WHO", "TO", "MORE"]);
            answer.events.iter().for_each(|event| table.row(words(event)));
            table.render()
        })
        .await
}

fn words(event: &AuditEvent) -> [String; 5] {
    let details =
        if event.details.is_empty() { String::new() } else { Value::Object(event.details.clone()).to_string() };
    [
        event.timestamp.to_string(),
        event.event_type.to_string(),
        clean_line(&event.actor),
        clean_line(&event.target),
        clean_line(&details),
    ]
}

async fn export(session: &Session, args: &ExportArgs) -> Result<(), Failure> {
    let accept = match args.format {
        Format::Ndjson => NDJSON,
        Format::Csv => "text/csv",
    };
    let mut response = opened(&session.api, args.search.call(), accept).await?;
    let mut out: Box<dyn Write> = match &args.out {
        Some(path) => Box::new(created(path).map_err(|cause| unwritable(path, &cause))?),
        None => Box::new(std::io::stdout().lock()),
    };
    let name = args.out.clone().unwrap_or_else(|| PathBuf::from("standard output"));
    while let Some(chunk) = session.api.next_chunk(&mut response).await? {
        if let Err(cause) = out.write_all(&chunk) {
            return output::unless_nobody_reads(cause).map_err(|cause| unwritable(&name, &cause));
        }
    }
    out.flush().or_else(output::unless_nobody_reads).map_err(|cause| unwritable(&name, &cause))
}

/// The trail names who did what and from which address somebody tried to sign in, so others on the machine don't read it.
fn created(path: &Path) -> std::io::Result<File> {
    OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(path)
}

async fn opened(api: &Api, mut call: Call, accept: &str) -> Result<reqwest::Response, Failure> {
    call.wait = EXPORT_WAIT;
    api.open(&call, accept).await
}

/// A trail while it is read.
struct Reading {
    verifier: Verifier,
    head: Option<String>,
    head_is_met: bool,
}

impl Reading {
    fn line(&mut self, number: usize, line: &[u8]) -> Result<(), Failure> {
        if line.trim_ascii().is_empty() {
            return Ok(());
        }
        let unreadable = |cause: serde_json::Error| {
            let hint = "export the trail again, and take the whole file";
            Failure::local(format!("line {number} can't be read: {cause}"), hint)
        };
        let mut line: Value = serde_json::from_slice(line).map_err(unreadable)?;
        let mut seal_of = |name: &str| -> Result<Option<AuditSeal>, Failure> {
            line.get_mut(name).map(Value::take).map(serde_json::from_value).transpose().map_err(unreadable)
        };
        let (sealed, pruned) = (seal_of("seal")?, seal_of("pruned")?);
        let is_pruned = pruned.is_some();
        let Some(seal) = sealed.or(pruned) else {
            self.verifier.event(&line);
            return Ok(());
        };
        let digest = digest_of(&seal);
        let done = if is_pruned { self.verifier.pruned(seal) } else { self.verifier.seal(seal) };
        done.map_err(|fault| broken(&fault))?;
        self.head_is_met |= self.head.as_ref() == Some(&digest);
        Ok(())
    }
}

async fn verify(session: &Session, args: VerifyArgs) -> Result<(), Failure> {
    let is_pinned = !args.key.is_empty();
    let verifier = Verifier::trusting(args.key);
    let mut reading = Reading { verifier, head: args.head, head_is_met: false };
    match &args.file {
        Some(path) => read_file(path, &mut reading)?,
        None => read_server(&session.api, &mut reading).await?,
    }
    if reading.head.is_some() && !reading.head_is_met {
        return Err(Failure::local(
            "the trail does not contain that head: its end was cut off, or it is another trail",
            "compare it with an earlier export",
        ));
    }
    let proof = reading.verifier.finish();
    if session.in_json {
        output::print_json(&json!({
            "batches": proof.batches, "events": proof.events, "pruned": proof.pruned, "unsealed": proof.unsealed,
            "keys": proof.keys, "head": proof.head,
        }));
    } else {
        output::print(&word_proof(&proof, is_pinned));
    }
    Ok(())
}

fn read_file(path: &Path, reading: &mut Reading) -> Result<(), Failure> {
    let unreadable = |cause: &std::io::Error| {
        Failure::local(
            format!("can't read {}: {cause}", path.display()),
            "name a file that `owp admin audit export` wrote",
        )
    };
    let mut file = BufReader::new(File::open(path).map_err(|cause| unreadable(&cause))?);
    let mut line = Vec::new();
    for number in 1.. {
        line.clear();
        if file.read_until(b'\n', &mut line).map_err(|cause| unreadable(&cause))? == 0 {
            break;
        }
        reading.line(number, &line)?;
    }
    Ok(())
}

async fn read_server(api: &Api, reading: &mut Reading) -> Result<(), Failure> {
    let mut response = opened(api, operations::list_audit_events(), NDJSON).await?;
    let (mut rest, mut number) = (Vec::new(), 0);
    while let Some(chunk) = api.next_chunk(&mut response).await? {
        rest.extend_from_slice(&chunk);
        while let Some(end) = rest.iter().position(|byte| *byte == b'\n') {
            number += 1;
            reading.line(number, &rest[..end])?;
            rest.drain(..=end);
        }
    }
    reading.line(number + 1, &rest)
}

fn word_proof(proof: &Proof, is_pinned: bool) -> String {
    let Some((first, last)) = proof.batches else {
        return format!("no batch is sealed yet; {} events wait for it", proof.unsealed);
    };
    let mut pairs = vec![
        ("batches", format!("{first} to {last}, as they were sealed")),
        ("events", proof.events.to_string()),
        ("unsealed", format!("{} behind the last seal; nothing is known about them", proof.unsealed)),
    ];
    if proof.pruned > 0 {
        pairs.push((
            "pruned",
            format!("the events of {} batches are not kept any more; their seals hold", proof.pruned),
        ));
    }
    if first > 1 {
        pairs.push(("begins", format!("with batch {first}; the ones before it are not in this trail")));
    }
    for key in &proof.keys {
        let trust =
            if is_pinned { "" } else { "  (nobody vouches for it: compare it with the one you know, or pass --key)" };
        pairs.push(("key", format!("{key}{trust}")));
    }
    pairs.push((
        "head",
        format!(
            "{}  (keep it; `--head` checks that a later trail contains it)",
            output::or_dash(proof.head.as_deref())
        ),
    ));
    output::facts(&pairs)
}

fn broken(fault: &Fault) -> Failure {
    if let Fault::Stranger { .. } = fault {
        let hint = "somebody else made this trail, or the server's key was changed: ask who runs it, and pass each key with --key";
        return Failure::local(fault.to_string(), hint);
    }
    Failure::local(
        fault.to_string(),
        format!(
            "what came before batch {} is sound; look at that batch in an earlier export or backup, and ask who had access",
            fault.batch()
        ),
    )
}

fn unwritable(path: &Path, cause: &std::io::Error) -> Failure {
    Failure::local(format!("can't write {}: {cause}", path.display()), "choose another place with --out")
}
