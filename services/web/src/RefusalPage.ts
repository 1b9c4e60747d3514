import { createHash } from 'node:crypto';

const style = `:root{color-scheme:light dark;font:16px/1.5 system-ui,sans-serif}
body{display:grid;place-items:center;min-height:100vh;margin:0;background:#12151a;color:#e6e9ef}
main{max-width:34rem;padding:2rem}form{display:grid;gap:.75rem;max-width:20rem}label{display:grid;gap:.25rem}
input,button{font:inherit;padding:.5rem;border:1px solid #545d6b;border-radius:6px}button{background:#7cb1ff;color:#12151a}
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

/** Asks who comes, where people sign in with their accounts. `told` is one of our own texts: why they are asked again. */
export function signInPage(told: string | undefined): string {
  return `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
    <title>Switchyard: sign in</title><style>${style}</style>
  </head>
  <body>
    <main>
      <h1>Sign in to this seat</h1>
      <p role="alert">${told ?? ''}</p>
      <form method="post" action="/sign-in">
        <label>User <input name="user" autocomplete="username" autocapitalize="off" required autofocus></label>
        <label>Password <input name="password" type="password" autocomplete="current-password"></label>
        <button>Sign in</button>
      </form>
    </main>
  </body>
</html>
`;
}
