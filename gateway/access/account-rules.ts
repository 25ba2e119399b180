/**
 * What an account may be called, and which passwords are taken. Pure. Knows nothing of how passwords are kept.
 */

/** Long enough for an e-mail address of an office; also shown in lists and logs. */
export const ACCOUNT_NAME_MAX = 60;
/** NIST SP 800-63B asks for 8, OWASP for 8 with a second factor and 15 without: twelve, with slow hashing and growing delays beside it. */
export const PASSWORD_MIN = 12;
/** NIST SP 800-63B asks for at least 64; more than 128 is a file, and hashing one would be work for nothing. */
export const PASSWORD_MAX = 128;

export type PasswordProblem = "too-short" | "too-long" | "holds-name" | "common";

/** An account's name as it is kept: in lower case, without spaces around it; null when it cannot be one. */
export function accountName(text: string): string | null {
  const name = text.normalize("NFC").trim().toLowerCase();
  return /^[a-z0-9][a-z0-9._@+-]*$/.test(name) && name.length >= 2 && name.length <= ACCOUNT_NAME_MAX
    ? name
    : null;
}

/** The form in which a password is hashed: the same letters typed on any keyboard are the same password (NIST SP 800-63B). */
export function passwordForm(text: string): string {
  return text.normalize("NFKC");
}

/** What is wrong with a new password, or null. Asks for no kinds of characters: they make passwords worse. */
export function passwordProblem(text: string, name: string): PasswordProblem | null {
  const password = passwordForm(text);
  const length = [...password].length;
  if (length < PASSWORD_MIN) return "too-short";
  if (length > PASSWORD_MAX) return "too-long";
  const plain = plainOf(password);
  // A name of two letters is part of half of all sentences.
  const [before = ""] = name.split("@");
  if (before.length >= 4 && plain.includes(plainOf(before))) return "holds-name";
  return COMMON.some((word) => isRepeated(plain, word)) || isMonotone(password.toLowerCase())
    ? "common"
    : null;
}

/**
 * The commonest passwords of twelve characters or more are commoner short ones, once or several times over, and what stands beside each
 * other on the keyboard (after the lists of SecLists and Have I Been Pwned); some Italian ones, and our own names.
 */
const COMMON = [
  ...[
    "password",
    "passw0rd",
    "passwort",
    "parola",
    "parolachiave",
    "secret",
    "segreto",
    "welcome",
    "benvenuto",
  ],
  ...[
    "qwerty",
    "qwertyuiop",
    "qwertz",
    "asdfgh",
    "asdfghjkl",
    "zxcvbn",
    "zxcvbnm",
    "1q2w3e4r",
    "1q2w3e4r5t",
    "1qaz2wsx",
  ],
  ...[
    "qazwsxedc",
    "qwer1234",
    "q1w2e3r4t5",
    "abc123",
    "abcd1234",
    "abcdefghijkl",
    "abcdef",
    "letmein",
    "iloveyou",
    "admin",
  ],
  ...[
    "administrator",
    "amministratore",
    "comune",
    "faccine",
    "mettiamocilafaccia",
    "totem",
    "ciao",
    "juventus",
    "andrea",
  ],
  ...[
    "francesco",
    "giuseppe",
    "alessandro",
    "italia",
    "forzanapoli",
    "monkey",
    "dragon",
    "sunshine",
    "princess",
    "football",
  ],
  ...[
    "123456",
    "1234567",
    "12345678",
    "123456789",
    "1234567890",
    "0123456789",
    "0987654321",
    "987654321",
    "654321",
  ],
  ...[
    "123123",
    "112233",
    "123321",
    "12345",
    "1234",
    "123",
    "changeme",
    "cambiami",
    "user",
    "utente",
    "ufficio",
    "test",
    "prova",
  ],
];

/** Small letters and digits alone. */
function plainOf(text: string): string {
  return text.toLowerCase().replace(/[^\p{L}\p{N}]/gu, "");
}

/** True when a text is a word, or the same word several times, with nothing but digits or dates of at most four places behind it. */
function isRepeated(plain: string, word: string): boolean {
  let rest = plain;
  while (rest.startsWith(word)) rest = rest.slice(word.length);
  return rest.length < plain.length && /^\d{0,4}$/.test(rest);
}

/** True for one character over and over, and for two in turn. */
function isMonotone(text: string): boolean {
  return new Set(text).size <= 2;
}
