// Traces: a span for each request and one for the operation in it, sent to a collector by OTLP. Nothing of this is even loaded while no
// collector is named. A caller's own trace (W3C traceparent) is gone on with. No span carries an address as it was typed or a person.
import type { FastifyInstance, FastifyRequest } from "fastify";
import type { Context, Span } from "@opentelemetry/api";

/** @param endpoint The collector, e.g. `http://127.0.0.1:4318`; the standard's other variables (headers, sampler) hold as well. */
export async function mountTraces(app: FastifyInstance, endpoint: string | undefined): Promise<void> {
  if (!endpoint) return;
  const { ROOT_CONTEXT, SpanKind, SpanStatusCode, trace } = await import("@opentelemetry/api");
  const { BasicTracerProvider, BatchSpanProcessor } = await import("@opentelemetry/sdk-trace-base");
  const { OTLPTraceExporter } = await import("@opentelemetry/exporter-trace-otlp-http");
  const { resourceFromAttributes } = await import("@opentelemetry/resources");
  const exporter = new OTLPTraceExporter({ url: `${endpoint.replace(/\/+$/, "")}/v1/traces` });
  const provider = new BasicTracerProvider({
    resource: resourceFromAttributes({ "service.name": process.env["OTEL_SERVICE_NAME"] ?? "heartwood" }),
    spanProcessors: [new BatchSpanProcessor(exporter)],
  });
  const tracer = provider.getTracer("heartwood");
  const parentOf = (request: FastifyRequest): Context => {
    const [, traceId, spanId, flags] = traceparent.exec(String(request.headers["traceparent"] ?? "")) ?? [];
    if (!traceId || !spanId || !flags) return ROOT_CONTEXT;
    return trace.setSpanContext(ROOT_CONTEXT, { traceId, spanId, traceFlags: Number.parseInt(flags, 16) & 1, isRemote: true });
  };
  const spans = new WeakMap<FastifyRequest, { request: Span; operation?: Span }>();
  app.addHook("onRequest", (request, _reply, done) => {
    const { url: route = "none" } = request.routeOptions;
    const attributes = { "http.request.method": request.method, "http.route": route, "heartwood.request_id": request.id };
    const span = tracer.startSpan(`${request.method} ${route}`, { kind: SpanKind.SERVER, attributes }, parentOf(request));
    spans.set(request, { request: span });
    done();
  });
  app.addHook("preHandler", (request, _reply, done) => {
    const of = spans.get(request);
    const { operation } = request.routeOptions.config;
    if (of && operation) of.operation = tracer.startSpan(operation, {}, trace.setSpan(ROOT_CONTEXT, of.request));
    done();
  });
  app.addHook("onSend", (request, _reply, _payload, done) => {
    spans.get(request)?.operation?.end();
    done();
  });
  app.addHook("onResponse", (request, reply, done) => {
    const of = spans.get(request);
    of?.request.setAttribute("http.response.status_code", reply.statusCode);
    if (reply.statusCode >= 500) of?.request.setStatus({ code: SpanStatusCode.ERROR });
    of?.request.end();
    done();
  });
  app.addHook("onClose", () => provider.shutdown().catch(() => undefined));
}

const traceparent = /^00-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-([0-9a-f]{2})$/;
