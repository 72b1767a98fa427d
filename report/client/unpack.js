/** Unpacks what `PackedColumns` has packed: its head, columns and further bytes. */
export function unpackColumns(buffer) {
  const start = 4 + new DataView(buffer).getUint32(0, true);
  const head = JSON.parse(
    new TextDecoder().decode(new Uint8Array(buffer, 4, start - 4)),
  );
  const columns = {};
  let at = start;
  for (const [name, kind, length, size] of head.columns) {
    columns[name] = kind === "integer"
      ? integersIn(new Uint8Array(buffer, at, size), length)
      : new Float64Array(buffer.slice(at, at + size));
    at += size;
  }
  return { head, columns, rest: new Uint8Array(buffer, at) };
}

/** Integers of any size; in 32 bits if they fit. */
function integersIn(bytes, length) {
  const values = new Int32Array(length);
  let at = 0;
  for (let i = 0; i < length; i++) {
    let byte = bytes[at++];
    let value = byte & 127;
    for (let shift = 7; byte > 127; shift += 7) {
      byte = bytes[at++];
      if (shift > 21) return longIntegersIn(bytes, length);
      value |= (byte & 127) << shift;
    }
    values[i] = value >>> 1 ^ -(value & 1);
  }
  return values;
}

function longIntegersIn(bytes, length) {
  const values = new Float64Array(length);
  let at = 0;
  for (let i = 0; i < length; i++) {
    let byte = bytes[at++];
    let value = byte & 127;
    for (let factor = 128; byte > 127; factor *= 128) {
      byte = bytes[at++];
      value += (byte & 127) * factor;
    }
    values[i] = value % 2 === 0 ? value / 2 : -(value + 1) / 2;
  }
  return values;
}
