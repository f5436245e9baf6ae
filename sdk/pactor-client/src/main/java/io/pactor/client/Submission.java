package io.pactor.client;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/**
 * What is submitted, as it goes over the wire: the same bytes with each repeat.
 *
 * @param work what its record must show, or else the gid belongs to other work
 */
record Submission(Pactor pactor, String gid, Map<String, Object> body, Map<String, String> needs,
        Work work) {

    /** One of steps and their payloads: a saga or a message. */
    static Submission ofSteps(Pactor pactor, Map<String, Object> body, List<Step> steps,
            Map<String, String> needs) {
        List<Object> wires = new ArrayList<>();
        List<String> payloads = new ArrayList<>();
        Map<String, String> all = new LinkedHashMap<>(needs);
        for (Step step : steps) {
            Map<String, Object> wire = step.wire(pactor.codec());
            wires.add(wire);
            payloads.add(step.action().payload(pactor.codec()));
            String part = Step.needs(wire);
            if (!part.isEmpty()) {
                all.putIfAbsent("step-options", part);
            }
        }
        Map<String, Object> whole = new LinkedHashMap<>(body);
        whole.put("steps", wires);
        whole.put("payloads", payloads);
        Work work = Work.of((String) body.get("trans_type"), steps, payloads);
        return new Submission(pactor, (String) body.get("gid"), whole, all, work);
    }

    /** Ends when it is durable. */
    CompletableFuture<Void> submit(Operation operation) {
        return pactor.transport().send(request("submit", false), operation)
            .thenCompose(answer -> accepted(answer, operation));
    }

    /** As {@link #submit}, then goes on to the transaction's end. */
    CompletableFuture<Outcome> submitAndWait(Operation operation) {
        return new Settling(this, operation).start();
    }

    Request request(String verb, boolean waits) {
        Map<String, Object> sent = new LinkedHashMap<>(body);
        if (waits) {
            sent.put("wait_result", true);
        }
        Request request = Request.post(Transport.PATH + verb, sent).needing(needs);
        return waits ? request.waiting() : request;
    }

    /** A repeat of what has ended is told 409, though it was accepted once: its record shows it. */
    private CompletableFuture<Void> accepted(Answer answer, Operation operation) {
        if (answer.isDone()) {
            return CompletableFuture.completedFuture(null);
        }
        if (!Refusal.isRepeat(answer)) {
            return CompletableFuture.failedFuture(Refusal.of(gid, answer));
        }
        return pactor.find(gid, operation).thenAccept(found -> {
            TransactionView view = found.orElseThrow(() -> Refusal.of(gid, answer));
            work.check(view);
            if (!work.isCarriedOut(view)) {
                throw Refusal.of(gid, answer);
            }
        });
    }
}
