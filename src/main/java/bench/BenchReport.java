package bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Locale;

/**
 * Figures for people and for programs.
 *
 * @param about the coordinator and its store, since figures mean nothing without
 */
record BenchReport(BenchPlan plan, Figures figures, About about) {

    /**
     * @param version of the coordinator
     * @param durability of its store, in its own words
     * @param store where an own coordinator keeps it, with the kind of file system; empty if the
     *     coordinator is not ours
     */
    record About(String version, String durability, String store) {}

    void print(PrintWriter out) {
        line(out, "workload", "%s over %s, wait-result %s, %s",
                plan.workload().label(), plan.protocol(), onOff(), lanes());
        line(out, "coordinator", "%s, version %s", plan.coordinator(), about.version());
        line(out, "durability", "%s", about.durability());
        if (!about.store().isEmpty()) {
            line(out, "store", "%s", about.store());
        }
        line(out, "window", "%.1f s after %.1f s of warm-up",
                figures.windowSeconds(), plan.times().warmup().toMillis() / 1e3);
        offer(out);
        line(out, "finished", "%,.1f/s at the end state (%,d in the window)",
                figures.finishedPerSecond(), figures.end().count());
        latency(out, endLabel(), figures.end());
        if (!plan.waitResult()) {
            line(out, "acknowledged", "%,.1f/s, not finished by that (%,d in the window)",
                    figures.ack().count() / Math.max(figures.windowSeconds(), 1e-9),
                    figures.ack().count());
            latency(out, "to the acknowledgement", figures.ack());
        }
        looked(out);
        Figures.Counts counts = figures.counts();
        line(out, "whole run", "%,d begun, %,d finished; %,d on their way at the window's end, "
                + "%.1f s to drain", counts.started(), counts.finished(),
                counts.unfinishedAtClose(), counts.drainSeconds());
        line(out, "branch calls", "%,d answered, of them %,d repeated and %,d after the end",
                counts.branchCalls(), counts.branchCallsRepeated(), counts.branchCallsStale());
        cpu(out);
        errors(out);
        out.flush();
    }

    private void offer(PrintWriter out) {
        Figures.Offer offer = figures.offer();
        if (plan.rate() == 0) {
            return;
        }
        line(out, "offered", "%,.1f/s (%,d in the window); %,d of them not sent for want of a "
                + "connection", offer.offered() / Math.max(figures.windowSeconds(), 1e-9),
                offer.offered(), offer.unsent());
        offer.refused().forEach((kind, count) -> line(out, "refused", "%,d %s", count, kind));
        if (offer.refusal().count() > 0) {
            latency(out, "to the refusal", offer.refusal());
        }
    }

    private void looked(PrintWriter out) {
        Figures.Looked looked = figures.looked();
        if (!plan.isEndPolled()) {
            line(out, "looked up", "%,d of %,d asked for by query were at the end state",
                    looked.atEnd(), looked.asked());
        }
        if (!plan.waitResult() && looked.latency().count() > 0) {
            latency(out, "to the end state as query shows it (sample)", looked.latency());
        }
    }

    private void cpu(PrintWriter out) {
        Figures.Cpu cpu = figures.cpu();
        String theirs = Double.isNaN(cpu.coordinator()) ? "" : String.format(Locale.ROOT,
                ", the coordinator %.2f (%.2f ms for each finished transaction)",
                cpu.coordinator(), coordinatorMillisEach());
        line(out, "cpu", "tool and participants %.2f of %d cores%s",
                cpu.tool(), cpu.machine(), theirs);
    }

    private void errors(PrintWriter out) {
        if (figures.errors().isEmpty()) {
            line(out, "errors", "none");
        }
        figures.errors().forEach((kind, errors) -> {
            String first = errors.example().strip();
            line(out, "errors", "%,d (%,d in the window) %s%s", errors.total(), errors.inWindow(),
                    kind, first.isEmpty() ? "" : "; the first: " + first);
        });
    }

    private double coordinatorMillisEach() {
        double perSecond = figures.finishedPerSecond();
        return perSecond > 0 ? 1_000 * figures.cpu().coordinator() / perSecond : 0;
    }

    private String endLabel() {
        if (plan.waitResult() || plan.isEndPolled()) {
            return "to the end state";
        }
        return "to the answer of the last branch call";
    }

    private String lanes() {
        String each = plan.isGrpc() ? "%,d calls at a time over %,d connections"
                : "%,d connections, each waiting for its answer";
        return String.format(Locale.ROOT, each,
                plan.concurrency(), GrpcLoad.connections(plan.concurrency()));
    }

    private String onOff() {
        return plan.waitResult() ? "on" : "off";
    }

    private static void latency(PrintWriter out, String label, Latency latency) {
        line(out, "latency", "p50 %,.1f  p99 %,.1f  p99.9 %,.1f  max %,.1f ms %s",
                latency.p50(), latency.p99(), latency.p999(), latency.max(), label);
    }

    private static void line(PrintWriter out, String label, String format, Object... values) {
        out.println(String.format("%-13s ", label) + String.format(Locale.ROOT, format, values));
    }

    /**
     * Writes the figures as one JSON object.
     *
     * @throws IOException if the file cannot be written
     */
    void write(Path file) throws IOException {
        ObjectMapper mapper = new ObjectMapper();
        ObjectNode root = mapper.createObjectNode();
        root.put("workload", plan.workload().label());
        root.put("protocol", plan.protocol());
        root.put("waitResult", plan.waitResult());
        root.put("concurrency", plan.concurrency());
        root.put("backlog", plan.backlog());
        root.put("rate", plan.rate());
        root.put("warmupSeconds", plan.times().warmup().toMillis() / 1e3);
        root.put("windowSeconds", figures.windowSeconds());
        root.put("coordinator", plan.coordinator().toString());
        root.put("grpcAddress", plan.grpcAddress());
        root.put("version", about.version());
        root.put("durability", about.durability());
        root.put("store", about.store());
        root.put("finishedPerSecond", figures.finishedPerSecond());
        root.put("finished", figures.end().count());
        root.put("latencyEndsAt", endLabel());
        latency(root.putObject("latencyMillis"), figures.end());
        if (plan.rate() > 0) {
            Figures.Offer offer = figures.offer();
            ObjectNode told = root.putObject("offer");
            told.put("offered", offer.offered()).put("unsent", offer.unsent());
            latency(told.putObject("refusalLatencyMillis"), offer.refusal());
            ObjectNode kinds = told.putObject("refused");
            offer.refused().forEach(kinds::put);
        }
        if (!plan.waitResult()) {
            latency(root.putObject("ackLatencyMillis"), figures.ack());
            latency(root.putObject("queriedLatencyMillis"), figures.looked().latency());
        }
        root.putObject("lookedUp").put("asked", figures.looked().asked())
                .put("atEnd", figures.looked().atEnd());
        Figures.Counts counts = figures.counts();
        root.putObject("wholeRun").put("started", counts.started())
                .put("finished", counts.finished())
                .put("unfinishedAtClose", counts.unfinishedAtClose())
                .put("drainSeconds", counts.drainSeconds())
                .put("branchCalls", counts.branchCalls())
                .put("branchCallsRepeated", counts.branchCallsRepeated())
                .put("branchCallsStale", counts.branchCallsStale());
        cpu(root.putObject("cpuCores"));
        root.put("errors", figures.errorsInAll());
        ObjectNode kinds = root.putObject("errorKinds");
        figures.errors().forEach((kind, errors) -> kinds.putObject(kind)
                .put("total", errors.total()).put("inWindow", errors.inWindow())
                .put("example", errors.example()));
        mapper.writerWithDefaultPrettyPrinter().writeValue(file.toFile(), root);
    }

    private void cpu(ObjectNode into) {
        Figures.Cpu cpu = figures.cpu();
        into.put("tool", cpu.tool()).put("machine", cpu.machine());
        if (!Double.isNaN(cpu.coordinator())) {
            into.put("coordinator", cpu.coordinator());
        }
    }

    private static void latency(ObjectNode into, Latency latency) {
        into.put("count", latency.count()).put("p50", latency.p50()).put("p99", latency.p99())
                .put("p999", latency.p999()).put("max", latency.max());
    }
}
