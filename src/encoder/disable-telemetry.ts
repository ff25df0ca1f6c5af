/**
 * onnxruntime 1.29 and newer reports sessions of its Linux builds to Microsoft unless this variable is set when it is loaded; nothing that an encoder
 * does may leave the machine. The addon offers no other switch. Whoever has set the variable keeps what they said.
 */
export function disableTelemetry(): void {
  process.env.ORT_DISABLE_TELEMETRY ??= '1';
}
