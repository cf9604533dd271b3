/** What handlers may ask for with `uses`. */
export interface Services {
  readonly suppliers: {
    /** What one piece costs now; may be asked again under the same key, and then answers the same. */
    quote(
      sku: string,
      quantity: number,
      key: string | undefined,
      signal: AbortSignal,
    ): Promise<{ readonly price: string; readonly validUntil: string }>;
  };
}
