// A file that is too large is told before it is sent; the server asks again.

/** Watches every field that takes a file of a limited size. */
export function startAttach(): void {
  for (const field of document.querySelectorAll<HTMLInputElement>("input[type=file][data-max-bytes]")) {
    field.addEventListener("change", () => {
      const most = Number(field.dataset.maxBytes);
      const large = [...(field.files ?? [])].some((f) => f.size > most);
      field.setCustomValidity(large ? `This file is larger than ${field.dataset.maxSize ?? ""}.` : "");
      if (large) field.reportValidity();
    });
  }
}
