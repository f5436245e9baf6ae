package io.pactor.client;

import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A transaction as the coordinator has it on record. Texts are empty where it says nothing.
 *
 * @param mode {@code saga}, {@code tcc}, {@code xa}, {@code msg}, {@code workflow}
 * @param status {@code prepared}, {@code submitted}, {@code aborting}, {@code succeed},
 *     {@code failed}
 * @param reason why it was rolled back, in the words of who refused
 * @param rollbackReason the same as the coordinator keeps it, with the url and the whole answer
 * @param result of a workflow
 * @param parked why nothing more is called until an operator says so; empty if it is not parked
 * @param createdAt null if the coordinator does not say
 * @param branches in the order in which they became known; for a saga each undo before its action
 */
public record TransactionView(String gid, String mode, String status, String reason,
        String rollbackReason, String customData, String result, String parked,
        Map<String, String> attributes, Instant createdAt, List<BranchView> branches) {

    public TransactionView {
        attributes = Collections.unmodifiableMap(new LinkedHashMap<>(attributes));
        branches = List.copyOf(branches);
    }

    /**
     * One operation of one branch.
     *
     * @param status {@code prepared}, {@code succeed}, {@code failed}
     * @param payload the body of its calls
     * @param attempts calls without a verdict
     * @param lastError what the last of them got
     */
    public record BranchView(String branchId, String op, String url, String status, String payload,
            int attempts, String lastError) {}

    /** Whether it is over: {@code succeed} or {@code failed}. */
    public boolean isEnded() {
        return status.equals("succeed") || status.equals("failed");
    }

    /** It as an outcome. */
    public Outcome outcome() {
        return switch (status) {
            case "succeed" -> new Outcome.Succeeded(gid);
            case "failed" -> new Outcome.RolledBack(gid, reason);
            default -> new Outcome.InProgress(gid, status, waitsFor());
        };
    }

    private String waitsFor() {
        if (!parked.isEmpty()) {
            return "parked: " + parked;
        }
        return branches.stream()
            .filter(each -> each.status().equals("prepared") && !each.lastError().isEmpty())
            .map(each -> each.branchId() + " " + each.op() + ": " + each.lastError())
            .findFirst().orElse("");
    }

    /** What a {@code query} answered; empty if there is no such transaction. */
    static Optional<TransactionView> of(Map<String, Object> answer) {
        Map<String, Object> fields = Fields.object(answer, "transaction");
        if (fields.isEmpty()) {
            return Optional.empty();
        }
        List<BranchView> branches = new ArrayList<>();
        for (Object each : Fields.list(answer, "branches")) {
            if (each instanceof Map<?, ?> branch) {
                branches.add(branchOf(branch));
            }
        }
        String rollbackReason = Fields.text(fields, "rollback_reason");
        Map<String, String> attributes = new LinkedHashMap<>();
        Fields.object(fields, "attributes").forEach((key, value) ->
            attributes.put(key, String.valueOf(value)));
        return Optional.of(new TransactionView(Fields.text(fields, "gid"),
            Fields.text(fields, "trans_type"), Fields.text(fields, "status"),
            Reason.of(rollbackReason), rollbackReason, Fields.text(fields, "custom_data"),
            Fields.text(fields, "result"), parked(Fields.object(fields, "parked")), attributes,
            time(Fields.text(fields, "create_time")), branches));
    }

    private static BranchView branchOf(Map<?, ?> branch) {
        return new BranchView(Fields.text(branch, "branch_id"), Fields.text(branch, "op"),
            Fields.text(branch, "url"), Fields.text(branch, "status"),
            decoded(Fields.text(branch, "bin_data")), Fields.number(branch, "attempts"),
            Fields.text(branch, "last_error"));
    }

    private static String decoded(String base64) {
        try {
            return new String(Base64.getDecoder().decode(base64), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return "";
        }
    }

    private static Instant time(String text) {
        try {
            return text.isEmpty() ? null : OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeException e) {
            return null;
        }
    }

    private static String parked(Map<String, Object> fields) {
        return fields.isEmpty() ? "" : Fields.text(fields, "op") + " of branch "
            + Fields.text(fields, "branch_id") + ": " + Fields.text(fields, "reason");
    }
}
