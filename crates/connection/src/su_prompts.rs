//! How `su` asks for a password, by language.

/// The word for "password" in the translations of `su` and of PAM (util-linux, shadow, Linux-PAM), as ansible-core knows
/// them.
const WORDS: [&str; 32] = [
    "Password",
    "암호",
    "パスワード",
    "Adgangskode",
    "Contraseña",
    "Contrasenya",
    "Hasło",
    "Heslo",
    "Jelszó",
    "Lösenord",
    "Mật khẩu",
    "Mot de passe",
    "Parola",
    "Parool",
    "Pasahitza",
    "Passord",
    "Passwort",
    "Salasana",
    "Sandi",
    "Senha",
    "Wachtwoord",
    "ססמה",
    "Лозинка",
    "Парола",
    "Пароль",
    "गुप्तशब्द",
    "शब्दकूट",
    "సంకేతపదము",
    "හස්පදය",
    "密码",
    "密碼",
    "口令",
];

/// The prompts to answer: the words that `prompt_l10n` gives, or else all known ones, each before a colon.
pub(crate) fn prompts(own: &[String]) -> Vec<String> {
    let known = WORDS.map(str::to_owned);
    let words = if own.is_empty() { &known[..] } else { own };
    words.iter().flat_map(|word| [":", " :", "：", " ："].map(|colon| format!("{word}{colon}"))).collect()
}

#[cfg(test)]
mod tests {
    use super::prompts;

    #[test]
    fn own_words_replace_the_known_ones() {
        let known = prompts(&[]);
        assert!(known.iter().any(|prompt| prompt == "Mot de passe :") && known.iter().any(|prompt| prompt == "密码："));
        assert_eq!(prompts(&["Passe".to_owned()]), ["Passe:", "Passe :", "Passe：", "Passe ："]);
    }
}
