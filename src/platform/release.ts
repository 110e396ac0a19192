// Which release of Heartwood this is.
import manifest from "../../package.json" with { type: "json" };

export const release: string = manifest.version;
