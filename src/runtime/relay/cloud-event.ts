import type { RelayMessage } from "./message.js";

/** A message in the JSON format of CloudEvents 1.0. */
export interface CloudEvent {
  readonly specversion: "1.0";
  readonly id: string;
  readonly source: string;
  readonly type: string;
  /** The ordering key. */
  readonly subject?: string;
  /** RFC 3339. */
  readonly time: string;
  readonly datacontenttype: "application/json";
  readonly dataschema?: string;
  readonly data: unknown;
  /** The partitioning extension: events with the same one are to stay in order. It tells tenants apart. */
  readonly partitionkey: string;
  readonly tenantid?: string;
  readonly correlationid?: string;
  readonly causationid?: string;
  /** The distributed tracing extension. */
  readonly traceparent?: string;
}

export interface CloudEventOptions {
  /** Who sends: a URI reference, such as `/warehouse`. Together with `id` it tells one event from all others. */
  readonly source: string;
  /** The event's `type`; default `InventoryMoved.v1`. CloudEvents asks for a prefix by domain, such as `com.example.`. */
  readonly type?: ((message: RelayMessage) => string) | undefined;
  /** A URI of the payload's schema. */
  readonly dataschema?: ((message: RelayMessage) => string | undefined) | undefined;
}

/**
 * An event or job as a CloudEvent, to be sent as `application/cloudevents+json`. Throws a TypeError for an empty source.
 * @example deliver: (message) => bus.publish(topic, JSON.stringify(cloudEvent(message, { source: "/warehouse" })))
 */
export function cloudEvent(message: RelayMessage, { source, type = versionedType, dataschema }: CloudEventOptions): CloudEvent {
  if (source === "") throw new TypeError("A CloudEvent's source must not be empty.");
  const { id, key, tenantId, createdAt, payload, headers } = message;
  const schema = dataschema?.(message);
  return {
    specversion: "1.0",
    id,
    source,
    type: type(message),
    // An attribute that is there must not be empty.
    ...(key !== "" && { subject: key }),
    time: createdAt.toISOString(),
    datacontenttype: "application/json",
    ...(schema !== undefined && { dataschema: schema }),
    data: payload,
    partitionkey: tenantId === null ? `:${key}` : `${tenantId.length}:${tenantId}:${key}`,
    ...attribute("tenantid", tenantId),
    ...attribute("correlationid", headers["correlationId"]),
    ...attribute("causationid", headers["causationId"]),
    ...attribute("traceparent", headers["traceparent"]),
  };
}

function versionedType({ type, version }: RelayMessage): string {
  return `${type}.v${version}`;
}

function attribute(name: "tenantid" | "correlationid" | "causationid" | "traceparent", value: unknown) {
  return typeof value === "string" && value !== "" ? { [name]: value } : {};
}
