/**
 * Runs in the page before its own scripts, whosever page it is: counts what comes over its WebSockets, and looks at the
 * largest canvas.
 */
export function installProbe() {
  const probe = { bytes: 0, messages: 0 };
  globalThis.probe = probe;
  // A proxy and not a subclass: noVNC looks at what the socket's prototype has.
  globalThis.WebSocket = new Proxy(globalThis.WebSocket, {
    construct(Native, args) {
      const socket = new Native(...args);
      socket.addEventListener('message', ({ data }) => {
        probe.bytes += data.byteLength ?? data.size ?? data.length;
        probe.messages++;
      });
      return socket;
    },
  });

  let context;
  const largest = () => {
    if (!context?.canvas.isConnected) {
      const canvases = [...document.querySelectorAll('canvas')];
      const canvas = canvases.sort((a, b) => b.width * b.height - a.width * a.height)[0];
      if (canvas === undefined || canvas.width < 1280) return undefined;
      context = canvas.getContext('2d');
    }
    return context;
  };
  const words = (from, x, y, width, height) =>
    new Uint32Array(from.getImageData(x, y, width, height).data.buffer);
  const pixels = (x, y, width, height) => words(largest(), x, y, width, height);

  /** Every `step`th pixel of each `step`th row of a rectangle: to look often must not be most of what the page does. */
  const scan = ([x, y, width, height], step) => {
    const source = largest();
    if (source === undefined) return undefined;
    if (step === 1) return pixels(x, y, width, height);
    const [columns, rows] = [Math.ceil(width / step), Math.ceil(height / step)];
    scan.small ??= new OffscreenCanvas(columns, rows).getContext('2d', {
      alpha: false,
      willReadFrequently: true,
    });
    scan.small.imageSmoothingEnabled = false;
    scan.small.drawImage(source.canvas, x, y, width, height, 0, 0, columns, rows);
    return words(scan.small, 0, 0, columns, rows);
  };

  /** Resolves with the time when `share` of those of a rectangle's pixels that are looked at differ from its last one. */
  probe.shown = async (box, share, step) => {
    for (;;) {
      const words = scan(box, step);
      if (words !== undefined) {
        let different = 0;
        for (const word of words) if (word !== words[words.length - 1]) different++;
        if (different > share * words.length) return Date.now();
      }
      await new Promise((resolve) => setTimeout(resolve, 4));
    }
  };

  /** The same, from when the page's own scripts have run: the canvas's context is theirs to make. */
  probe.awaitPicture = (box, share, step) => {
    const loaded = new Promise((resolve) => addEventListener('load', resolve));
    probe.picture = loaded.then(() => probe.shown(box, share, step));
  };

  /** From each key press, as the page sees it first, to the first change in the rows where it is echoed (ms). */
  probe.watchKeys = (x, y, width, height) => {
    const times = [];
    probe.keyTimes = times;
    const hash = () => {
      let value = 0;
      for (const word of pixels(x, y, width, height)) value = Math.imul(value ^ word, 16777619);
      return value;
    };
    document.addEventListener(
      'keydown',
      () => {
        const pressed = performance.now();
        const before = hash();
        const look = () => {
          if (hash() !== before) times.push(performance.now() - pressed);
          else if (performance.now() - pressed < 1000) scheduler.postTask(look, { delay: 1 });
        };
        scheduler.postTask(look, { delay: 1 });
      },
      true,
    );
  };

  /** The frame number in a row of 16 black or white blocks, 40 pixels wide each. */
  const counter = (y) => {
    const row = pixels(0, y, 640, 1);
    let number = 0;
    for (let bit = 0; bit < 16; bit++) if ((row[40 * bit + 20] & 0xff) > 127) number |= 1 << bit;
    return number;
  };

  /** For some seconds of a video with counters at its top and bottom: frames seen a second, and the share that is torn. */
  probe.countFrames = (seconds) =>
    new Promise((resolve) => {
      const seen = new Set();
      let looks = 0;
      let torn = 0;
      const begun = performance.now();
      const look = () => {
        const [top, bottom] = [counter(20), counter(700)];
        seen.add(top);
        looks++;
        if (top !== bottom) torn++;
        const elapsed = (performance.now() - begun) / 1000;
        if (elapsed < seconds) requestAnimationFrame(look);
        else resolve({ fps: seen.size / elapsed, torn: torn / looks });
      };
      requestAnimationFrame(look);
    });

  /** For some seconds: how often a second a strip across the screen changed. */
  probe.countChanges = (seconds) =>
    new Promise((resolve) => {
      let changes = 0;
      let last;
      const begun = performance.now();
      const look = () => {
        let value = 0;
        for (const word of pixels(0, 352, 1280, 16)) value = Math.imul(value ^ word, 16777619);
        if (value !== last) changes++;
        last = value;
        const elapsed = (performance.now() - begun) / 1000;
        if (elapsed < seconds) requestAnimationFrame(look);
        else resolve(changes / elapsed);
      };
      requestAnimationFrame(look);
    });
}
