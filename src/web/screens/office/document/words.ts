// The words of a document on screen.
export const documentWords = {
  content: "Content",
  open: "Open in a new tab",
  save: "Download",
  none: "No content any more",
  noneSays: "This document was disposed of by its rule; the certificate stands under Disposals.",
  noPreview: "No preview for this kind of file",
  noPreviewSays: "Download it to look at it.",
  preview: (title: string, version: number) => `${title}, version ${version}`,
  held: "A hold lies on this document: it cannot be disposed of.",
  fingerprint: "Fingerprint (SHA-256)",
};
