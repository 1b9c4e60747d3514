import { createHash } from 'node:crypto';

const style = `:root{color-scheme:light dark;font:16px/1.5 system-ui,sans-serif}
body{display:grid;place-items:center;min-height:100vh;margin:0;background:#12151a;color:#e6e9ef}
main{max-width:34rem;padding:2rem}form{display:grid;gap:.75rem;max-width:20rem}label{display:grid;gap:.25rem}
a{color:inherit}input,button{font:inherit;padding:.5rem;border:1px solid #545d6b;border-radius:6px}button{background:#7cb1ff;color:#12151a}
h1{font-size:1.25rem}code{background:#232933;padding:.15em .4em;border-radius:4px}`;

/** The one inline style in this server, allowed by its hash: a refused browser must not be able to fetch a style sheet. */
export const refusalStyleHash = `'sha256-${createHash('sha256').update(style).digest('base64')}'`;

/** Tells a person who was refused what is wrong and what to do. `reason` is one of our own texts. */
export function refusalPage(reason: string): string {
  return `<!doctype html>
<html lang="en">
  <head><meta charset="utf-8"><title>Switchyard: no entry</title><style>${style}</style></head>
  <body>
    <main role="alert">
      <h1>This seat needs its token: ${reason}.</h1>
      <p>Run <code>yard status</code> where Switchyard runs. It prints the whole address, token included; open that one.</p>
    </main>
  </body>
</html>
`;
}

/** The redirect to the page, for a browser that came by a link on another site: a cookie that is SameSite=Strict would not go along with an HTTP redirect. */
export const entryPage = (location: string): string => `<!doctype html>
<html lang="en">
  <head><meta charset="utf-8"><meta http-equiv="refresh" content="0;url=${location}"><title>Switchyard</title></head>
  <body><a href="${location}">Continue to the seat</a></body>
</html>
`;

/** What the sign-in page says and asks. All of it is shown as text, whatever PAM's modules put into it. */
export interface SignInWords {
  /** Why somebody is asked again: one of our own texts. */
  readonly told?: string;
  readonly words?: readonly string[];
  /** The question of a dialogue that is under way; without one, who comes. */
  readonly asked?: { readonly id: string; readonly question: string; readonly shown: boolean };
}

/** Asks who comes, where people sign in with their accounts, and then what PAM wants to know, one question a page. */
export function signInPage({ told, words = [], asked }: SignInWords = {}): string {
  return `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
    <title>Switchyard: sign in</title><style>${style}</style>
  </head>
  <body>
    <main>
      <h1>Sign in to this seat</h1>
      <p role="alert">${asText(told ?? '')}</p>
      ${words.map((line) => `<p>${asText(line)}</p>`).join('\n      ')}
      <form method="post" action="/sign-in">
        ${asked === undefined ? nameField : answerField(asked)}
        <button>${asked === undefined ? 'Next' : 'Continue'}</button>
      </form>
      ${asked === undefined ? '' : '<p><a href="/">Begin again</a></p>'}
    </main>
  </body>
</html>
`;
}

const nameField =
  '<label>User <input name="user" autocomplete="username" autocapitalize="off" required autofocus></label>';

function answerField({ id, question, shown }: NonNullable<SignInWords['asked']>): string {
  const label = question.replace(/:$/, '') || 'Answer';
  const completes =
    shown || /one.?time|code|otp|token/i.test(question) ? 'one-time-code' : 'current-password';
  return `<input type="hidden" name="dialogue" value="${id}">
        <label>${asText(label)} <input name="answer" type="${shown ? 'text' : 'password'}" autocomplete="${completes}" autocapitalize="off" spellcheck="false" autofocus></label>`;
}

const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

const asText = (text: string): string => text.replace(/[&<>"]/g, (character) => entities[character]!);
