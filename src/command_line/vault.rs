//! The options of `ansible-vault`, typed.

use super::grammar::{Arity, Family, Grammar, Positional};
use super::option_table::{OptionSpec, flag, text};
use super::parser::Arguments;
use super::playbook::PlaybookOptions;
use super::shared_options::*;

/// The command line of `ansible-vault`.
pub(super) const FAMILY: Family = Family {
    grammar: Grammar {
        options: &[HELP, VERSION, VERBOSE],
        positional: Positional {
            name: "{create,decrypt,edit,view,encrypt,encrypt_string,rekey}",
            arity: Arity::Command,
            help: "",
        },
        about: "Encrypts and decrypts files and values.",
    },
    commands: &[
        ("create", grammar(CREATE, "make an encrypted file with an editor")),
        ("decrypt", grammar(DECRYPT, "decrypt files")),
        ("edit", grammar(EDIT, "change an encrypted file with an editor")),
        ("view", grammar(VIEW, "show encrypted files")),
        ("encrypt", grammar(ENCRYPT, "encrypt files")),
        (
            "encrypt_string",
            Grammar {
                options: ENCRYPT_STRING,
                positional: Positional {
                    name: "string_to_encrypt",
                    arity: Arity::Any,
                    help: "the text; - is standard input",
                },
                about: "encrypt text, to be put into a file of variables",
            },
        ),
        ("rekey", grammar(REKEY, "encrypt files with another password")),
    ],
};

const fn grammar(options: &'static [OptionSpec], about: &'static str) -> Grammar {
    let positional = Positional { name: "file_name", arity: Arity::Any, help: "the files" };
    Grammar { options, positional, about }
}

const ENCRYPT_VAULT_ID: OptionSpec =
    text(&["--encrypt-vault-id"], "ENCRYPT_VAULT_ID", "the vault id to encrypt with; required when there are several");
const CREATE: &[OptionSpec] = &[
    HELP,
    ENCRYPT_VAULT_ID,
    VAULT_ID,
    ASK_VAULT_PASSWORD,
    VAULT_PASSWORD_FILE,
    VERBOSE,
    flag(&["--skip-tty-check"], "start the editor without a terminal, too"),
];
const DECRYPT: &[OptionSpec] = &[HELP, OUTPUT_FILE, VAULT_ID, ASK_VAULT_PASSWORD, VAULT_PASSWORD_FILE, VERBOSE];
const EDIT: &[OptionSpec] = &[HELP, ENCRYPT_VAULT_ID, VAULT_ID, ASK_VAULT_PASSWORD, VAULT_PASSWORD_FILE, VERBOSE];
const VIEW: &[OptionSpec] = &[HELP, VAULT_ID, ASK_VAULT_PASSWORD, VAULT_PASSWORD_FILE, VERBOSE];
const ENCRYPT: &[OptionSpec] =
    &[HELP, VAULT_ID, ASK_VAULT_PASSWORD, VAULT_PASSWORD_FILE, VERBOSE, OUTPUT_FILE, ENCRYPT_VAULT_ID];
const ENCRYPT_STRING: &[OptionSpec] = &[
    HELP,
    VAULT_ID,
    ASK_VAULT_PASSWORD,
    VAULT_PASSWORD_FILE,
    VERBOSE,
    OUTPUT_FILE,
    ENCRYPT_VAULT_ID,
    flag(&["-p", "--prompt"], "ask for the text"),
    flag(&["--show-input"], "show the text while it is typed"),
    text(&["-n", "--name"], "ENCRYPT_STRING_NAMES", "the variable's name; may be given several times"),
    text(&["--stdin-name"], "ENCRYPT_STRING_STDIN_NAME", "the variable's name for standard input"),
];
const REKEY: &[OptionSpec] = &[
    HELP,
    VAULT_ID,
    ASK_VAULT_PASSWORD,
    VAULT_PASSWORD_FILE,
    VERBOSE,
    ENCRYPT_VAULT_ID,
    text(&["--new-vault-password-file"], "NEW_VAULT_PASSWORD_FILE", "file with the new password").exclusive(4),
    text(&["--new-vault-id"], "NEW_VAULT_ID", "the new vault id, as LABEL@SOURCE").exclusive(4),
];

/// What `ansible-vault` does.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum VaultAction {
    /// `create`
    Create,
    /// `decrypt`
    Decrypt,
    /// `edit`
    Edit,
    /// `view`
    #[default]
    View,
    /// `encrypt`
    Encrypt,
    /// `encrypt_string`
    EncryptString,
    /// `rekey`
    Rekey,
}

/// What `ansible-vault` was asked for.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct VaultOptions {
    /// What `ansible-playbook` has, too.
    pub(crate) run: PlaybookOptions,
    /// What to do.
    pub(crate) action: VaultAction,
    /// Files, or texts of `encrypt_string`.
    pub(crate) arguments: Vec<String>,
    /// `--encrypt-vault-id`
    pub(crate) encrypt_vault_id: Option<String>,
    /// `--output`
    pub(crate) output: Option<String>,
    /// `--new-vault-password-file`
    pub(crate) new_vault_password_file: Option<String>,
    /// `--new-vault-id`
    pub(crate) new_vault_id: Option<String>,
    /// `--skip-tty-check`
    pub(crate) skip_tty_check: bool,
    /// `--prompt`
    pub(crate) prompt: bool,
    /// `--show-input`
    pub(crate) show_input: bool,
    /// `--name`, in order.
    pub(crate) names: Vec<String>,
    /// `--stdin-name`
    pub(crate) stdin_name: Option<String>,
}

impl VaultOptions {
    /// The options of a command, whose arguments were read with its table.
    ///
    /// # Errors
    /// The words after `error: `.
    pub(super) fn new(command: &str, mut arguments: Arguments) -> Result<Self, String> {
        let (action, table) = match command {
            "create" => (VaultAction::Create, CREATE),
            "decrypt" => (VaultAction::Decrypt, DECRYPT),
            "edit" => (VaultAction::Edit, EDIT),
            "encrypt" => (VaultAction::Encrypt, ENCRYPT),
            "encrypt_string" => (VaultAction::EncryptString, ENCRYPT_STRING),
            "rekey" => (VaultAction::Rekey, REKEY),
            _ => (VaultAction::View, VIEW),
        };
        let words = std::mem::take(&mut arguments.positional);
        let (run, rest) = PlaybookOptions::of_table(table, arguments)?;
        let mut options = Self { run, action, arguments: words, ..Self::default() };
        for (name, value) in rest {
            match name {
                "--encrypt-vault-id" => options.encrypt_vault_id = Some(value),
                "--output" => options.output = Some(value),
                "--new-vault-password-file" => options.new_vault_password_file = Some(value),
                "--new-vault-id" => options.new_vault_id = Some(value),
                "--skip-tty-check" => options.skip_tty_check = true,
                "-p" => options.prompt = true,
                "--show-input" => options.show_input = true,
                "-n" => options.names.push(value),
                "--stdin-name" => options.stdin_name = Some(value),
                _ => {}
            }
        }
        Ok(options)
    }
}
