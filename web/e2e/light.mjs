// What a picture of a page is made of: how bright, which colours, what shapes.
// A browser reads PNG better than any library, so that a page of its own does.

/** Opens the page that reads pictures; close it with its context. */
export async function openLight(browser) {
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.evaluate(() => {
    const linear = Array.from({ length: 256 }, (_, v) => { const c = v / 255; return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4; });
    const pixels = async (base64) => {
      const bytes = Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
      const picture = await createImageBitmap(new Blob([bytes], { type: "image/png" }));
      const canvas = new OffscreenCanvas(picture.width, picture.height);
      const ctx = canvas.getContext("2d", { willReadFrequently: true });
      ctx.drawImage(picture, 0, 0);
      return ctx.getImageData(0, 0, picture.width, picture.height);
    };
    globalThis.measure = async (base64) => {
      const { data, width, height } = await pixels(base64);
      let sum = 0, brightest = 0, notRed = 0, where = "";
      for (let i = 0; i < data.length; i += 4) {
        const l = 0.2126 * linear[data[i]] + 0.7152 * linear[data[i + 1]] + 0.0722 * linear[data[i + 2]];
        sum += l;
        if (l > brightest) brightest = l;
        if (data[i + 1] || data[i + 2]) {
          where ||= `${(i / 4) % width},${Math.floor(i / 4 / width)} is ${data[i]} ${data[i + 1]} ${data[i + 2]}`;
          notRed++;
        }
      }
      return { mean: sum / (width * height), brightest, notRed, where };
    };
    // A shape is what is left of a picture when it is only lit or unlit: half
    // of the way from its darkest to its brightest grey, or red.
    globalThis.shapes = async (base64, boxes, filter) => {
      const { data, width } = await pixels(base64);
      return boxes.map((box) => {
        const grey = [];
        for (let y = box.y; y < box.y + box.height; y++)
          for (let x = box.x; x < box.x + box.width; x++) {
            const [r, g, b] = data.subarray((y * width + x) * 4, (y * width + x) * 4 + 3);
            grey.push(filter === "red" ? r : 0.2126 * r + 0.7152 * g + 0.0722 * b);
          }
        const middle = (Math.min(...grey) + Math.max(...grey)) / 2;
        return { width: box.width, height: box.height, bits: grey.map((v) => (v > middle ? 1 : 0)) };
      });
    };
  });
  return {
    /** Mean and greatest relative luminance (WCAG, 0 to 1) and the number of pixels that have green or blue. */
    measure: (png) => page.evaluate((b) => globalThis.measure(b), png.toString("base64")),
    /** The lit pixels of parts of a picture, in greyscale or through a red filter. */
    shapes: (png, boxes, filter) => page.evaluate(([b, l, f]) => globalThis.shapes(b, l, f), [png.toString("base64"), boxes, filter]),
    close: () => context.close(),
  };
}

/** In how many pixels two shapes differ. */
export function differ(a, b) {
  let n = 0;
  for (let y = 0; y < Math.max(a.height, b.height); y++)
    for (let x = 0; x < Math.max(a.width, b.width); x++) {
      const at = (s) => (x < s.width && y < s.height ? s.bits[y * s.width + x] : 0);
      if (at(a) !== at(b)) n++;
    }
  return n;
}
