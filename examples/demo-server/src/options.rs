//! The command line.

use std::ops::RangeInclusive;
use std::path::PathBuf;

/// The text for `--help`.
pub(crate) const HELP: &str = "\
The MuTicket demo: a small shop with a support desk, on http://127.0.0.1:8000.

Usage: muticket-demo [OPTIONS]

  --database URL    where to keep tickets            [default: sqlite:muticket-demo.sqlite]
                    a server: postgres://user:password@host/database or mysql://..
                    (build with `--features postgres` or `--features mysql`)
  --uploads DIR     where to keep attachments        [default: beside the database, ending in -uploads]
  --fresh           start over: delete the demo's database and uploads first
  --empty           start without demo tickets and supporters
  --few             start with six demo tickets instead of sixty
  --smtp URL        send emails through a mail server instead of showing them on /mailbox,
                    e.g. smtp://127.0.0.1:25 or smtp+starttls://user:password@mail.example.org
                    (build with `--features smtp`)
  --mail-key KEY    let emails come in, also at /support/mail for who sends this key of 24 characters or more:
                    curl -H 'Authorization: Bearer KEY' --data-binary @email.eml http://127.0.0.1:8000/support/mail
  --imap URL        fetch emails from a mailbox, e.g. imaps://user:password@mail.example.org/INBOX
  --lmtp ADDRESS    take emails from the mail server of this machine, e.g. 127.0.0.1:2424 or /run/site/lmtp
                    (build with `--features inbound` for both)
  --claim SECONDS   how long another node waits before it sends a dead node's emails  [default: 300]
  --public-url URL  the address of the site, for links in emails  [default: its own address]
  --help            show this help

Address and port are Rocket's own settings: ROCKET_PORT=8080, ROCKET_ADDRESS, or a Rocket.toml.
";

/// The options of the demo.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Options {
    /// The database for tickets.
    pub database: String,
    /// The folder for the bytes of attachments; `None` puts it beside the database.
    pub uploads: Option<PathBuf>,
    /// Whether to delete all earlier data first.
    pub fresh: bool,
    /// Whether to start without demo tickets and supporters.
    pub empty: bool,
    /// Whether to start with six demo tickets instead of sixty.
    pub few: bool,
    /// The mail server; `None` shows letters on a page instead.
    pub smtp: Option<String>,
    /// The key with which a mail server hands over letters; `None` if only the mailbox page does.
    pub mail_key: Option<String>,
    /// The mailbox from which letters are fetched.
    pub imap: Option<String>,
    /// Where the mail server of this machine hands over letters.
    pub lmtp: Option<String>,
    /// How many seconds a courier's claim on letters lasts; `None` uses MuTicket's default.
    pub claim: Option<u32>,
    /// The URL of the site from outside; `None` uses the address on which it listens.
    pub public_url: Option<String>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            database: "sqlite:muticket-demo.sqlite".to_owned(),
            uploads: None,
            fresh: false,
            empty: false,
            few: false,
            smtp: None,
            mail_key: None,
            imap: None,
            lmtp: None,
            claim: None,
            public_url: None,
        }
    }
}

/// The result of parsing the command line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Usage {
    /// Serve the site.
    Serve(Options),
    /// Print this text.
    Help(&'static str),
}

/// The command line cannot be understood.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum UsageError {
    /// There is no such option.
    #[error("unknown option `{0}`. {hint}`--help` lists them all.", hint = .1.map(|near| format!("Did you mean `{near}`? ")).unwrap_or_default())]
    Unknown(String, Option<&'static str>),
    /// The option needs a value.
    #[error("`{0}` needs a value, as in `{0} {1}`")]
    ValueMissing(&'static str, &'static str),
    /// The value is not a number of seconds in the allowed range.
    #[error("`{0}` takes a number of seconds from {1} to {2}")]
    NotSeconds(&'static str, u32, u32),
    /// The option takes no value.
    #[error("`{0}` takes no value")]
    ValueGiven(&'static str),
    /// The option was given before.
    #[error("`{0}` is given twice")]
    Twice(&'static str),
}

const FLAGS: [&str; 4] = ["--fresh", "--empty", "--few", "--help"];
const VALUES: [(&str, &str); 8] = [
    ("--database", "sqlite:muticket-demo.sqlite"),
    ("--uploads", "muticket-demo-uploads"),
    ("--smtp", "smtp://127.0.0.1:25"),
    ("--mail-key", "a-secret-of-the-mail-server"),
    ("--imap", "imaps://user:password@mail.example.org/INBOX"),
    ("--lmtp", "127.0.0.1:2424"),
    ("--claim", "300"),
    ("--public-url", "https://example.org"),
];

/// Parses the command line without the program's own name. Accepts `--name value` and `--name=value`.
///
/// # Errors
/// Says what is wrong, with a hint.
pub fn parse(arguments: impl IntoIterator<Item = String>) -> Result<Usage, UsageError> {
    let mut arguments = arguments.into_iter().peekable();
    let mut options = Options::default();
    let mut seen = Vec::new();
    while let Some(argument) = arguments.next() {
        let (name, inline) = match argument.split_once('=') {
            Some((name, value)) => (name, Some(value.to_owned())),
            None => (argument.as_str(), None),
        };
        if let Some(flag) = FLAGS.into_iter().find(|flag| *flag == name || (*flag == "--help" && name == "-h")) {
            once(&mut seen, flag)?;
            match (inline, flag) {
                (Some(_), _) => return Err(UsageError::ValueGiven(flag)),
                (None, "--help") => return Ok(Usage::Help(HELP)),
                (None, "--fresh") => options.fresh = true,
                (None, "--few") => options.few = true,
                (None, _) => options.empty = true,
            }
            continue;
        }
        let Some((name, example)) = VALUES.into_iter().find(|(known, _)| *known == name) else {
            return Err(UsageError::Unknown(shown(&argument), nearest(name)));
        };
        once(&mut seen, name)?;
        let value = inline.or_else(|| arguments.next_if(|next| !next.starts_with("--")));
        let value = value.filter(|value| !value.is_empty()).ok_or(UsageError::ValueMissing(name, example))?;
        match name {
            "--database" => options.database = value,
            "--uploads" => options.uploads = Some(value.into()),
            "--smtp" => options.smtp = Some(value),
            "--mail-key" => options.mail_key = Some(value),
            "--imap" => options.imap = Some(value),
            "--lmtp" => options.lmtp = Some(value),
            "--claim" => options.claim = Some(seconds(name, &value)?),
            _ => options.public_url = Some(value),
        }
    }
    Ok(Usage::Serve(options))
}

/// A claim in the range that the courier accepts: at least ten seconds, at most a day.
fn seconds(name: &'static str, value: &str) -> Result<u32, UsageError> {
    const LIMITS: RangeInclusive<u32> = 10..=24 * 60 * 60;
    let seconds = value.parse().ok().filter(|seconds| LIMITS.contains(seconds));
    seconds.ok_or(UsageError::NotSeconds(name, *LIMITS.start(), *LIMITS.end()))
}

fn once(seen: &mut Vec<&'static str>, name: &'static str) -> Result<(), UsageError> {
    if seen.contains(&name) {
        return Err(UsageError::Twice(name));
    }
    seen.push(name);
    Ok(())
}

/// The typed option in a form that is safe for a terminal. A value may be a password, so only the name is shown.
fn shown(argument: &str) -> String {
    let name = argument.split('=').next().unwrap_or_default();
    name.chars().filter(|c| !c.is_control()).take(40).collect()
}

/// The option that has this beginning, or that differs in at most two letters.
fn nearest(name: &str) -> Option<&'static str> {
    let known = FLAGS.into_iter().chain(VALUES.map(|(name, _)| name));
    let typed = name.trim_start_matches('-');
    if typed.is_empty() || typed.len() > 20 {
        return None;
    }
    let bare = |option: &&'static str| option.trim_start_matches('-');
    let close = || known.clone().min_by_key(|option| distance(bare(option), typed));
    known
        .clone()
        .find(|option| bare(option).starts_with(typed))
        .or_else(|| close().filter(|option| distance(bare(option), typed) <= 2))
}

/// The number of letters to change, add or remove (Levenshtein distance).
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.chars().enumerate() {
        let mut corner = row[0];
        row[0] = i + 1;
        for (j, y) in b.iter().enumerate() {
            let changed = corner + usize::from(x != *y);
            corner = row[j + 1];
            row[j + 1] = changed.min(row[j] + 1).min(corner + 1);
        }
    }
    row[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(line: &str) -> Result<Usage, UsageError> {
        parse(line.split_whitespace().map(str::to_owned))
    }

    #[test]
    fn nothing_given_is_the_default() {
        assert_eq!(read(""), Ok(Usage::Serve(Options::default())));
    }

    #[test]
    fn everything_given() {
        let expected = Options {
            database: "sqlite:x.db".to_owned(),
            uploads: Some("files".into()),
            fresh: true,
            empty: true,
            few: true,
            smtp: Some("smtp://127.0.0.1:25".to_owned()),
            mail_key: Some("secret".to_owned()),
            imap: Some("imaps://mail.example.org/INBOX".to_owned()),
            lmtp: Some("127.0.0.1:2424".to_owned()),
            claim: Some(60),
            public_url: Some("https://shop.example".to_owned()),
        };
        let line = "--database sqlite:x.db --uploads=files --fresh --empty --few --smtp smtp://127.0.0.1:25 --claim 60 \
                    --mail-key secret --imap imaps://mail.example.org/INBOX --lmtp=127.0.0.1:2424 --public-url https://shop.example";
        assert_eq!(read(line), Ok(Usage::Serve(expected)));
    }

    #[test]
    fn what_is_not_understood_gets_a_hint() {
        let say = |line| read(line).unwrap_err().to_string();
        assert_eq!(say("--frehs"), "unknown option `--frehs`. Did you mean `--fresh`? `--help` lists them all.");
        assert_eq!(say("-fresh"), "unknown option `-fresh`. Did you mean `--fresh`? `--help` lists them all.");
        assert_eq!(say("--data x"), "unknown option `--data`. Did you mean `--database`? `--help` lists them all.");
        assert_eq!(say("shop.db"), "unknown option `shop.db`. `--help` lists them all.");
        assert_eq!(say("--port=80"), "unknown option `--port`. `--help` lists them all.");
        assert_eq!(say("--uploads --fresh"), "`--uploads` needs a value, as in `--uploads muticket-demo-uploads`");
        assert_eq!(say("--fresh=yes"), "`--fresh` takes no value");
        assert_eq!(say("--claim 9"), "`--claim` takes a number of seconds from 10 to 86400");
        assert_eq!(say("--claim=soon"), "`--claim` takes a number of seconds from 10 to 86400");
        assert_eq!(say("--empty --empty"), "`--empty` is given twice");
    }

    #[test]
    fn help_wins() {
        assert_eq!(read("--fresh --help"), Ok(Usage::Help(HELP)));
        assert_eq!(read("-h"), Ok(Usage::Help(HELP)));
    }
}
