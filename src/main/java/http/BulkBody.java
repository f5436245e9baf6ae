package http;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import transaction.Bulk;
import transaction.BulkAction;
import transaction.Bytes;
import transaction.InvalidRequest;
import transaction.Limits;
import transaction.TransactionIndex;
import wire.JsonIn;

/**
 * What a request for a bulk operation says: which transactions, by the names that their list has,
 * and what is to be done to each, in the words that are said of one.
 *
 * @param selection the filter as JSON, in one way of writing it
 * @param id the client's own; empty if it gave none
 * @param expect how many the operator has agreed to; negative if it was not said
 */
record BulkBody(BulkAction action, TransactionIndex.Filter filter, String selection, String id,
        int expect) {

    private static final List<String> OWN = List.of("action", "filter", "id", "expect");

    /** As many parameters as a list takes, several of them attributes. */
    private static final int FILTERS = 32;

    /** @throws InvalidRequest if it cannot be understood, or done to no transaction */
    static BulkBody of(Route.Call call) {
        Map<String, String> texts = new LinkedHashMap<>();
        Map<String, List<String>> filter = new TreeMap<>();
        int[] expect = {-1};
        InvalidRequest.require(call.body().length > 0, "no action specified");
        JsonIn.whole(call.body(), in -> {
            in.entries("the body", JsonIn.ELEMENTS, key -> {
                switch (key) {
                    case "action", "id" -> texts.put(key, in.text(key));
                    case "expect" -> expect[0] = in.integer(key);
                    case "filter" -> in.entries(
                        key, FILTERS, name -> filter.put(name, values(name, in.raw())));
                    default -> in.raw();
                }
            });
            return texts;
        });
        String word = texts.getOrDefault("action", "");
        BulkAction.Kind kind = BulkAction.Kind.of(word).orElseThrow(() -> new InvalidRequest(
            (word.isEmpty() ? "no action specified" : "unknown action: " + Limits.cut(word, 100))
            + "; known are " + Arrays.stream(BulkAction.Kind.values())
                .map(BulkAction.Kind::wire).sorted().collect(Collectors.joining(", "))));
        // An unknown one counts even if it is empty: without it there may be more than was meant.
        TransactionQuery.requireFilter(QueryString.of(filter));
        filter.entrySet().removeIf(each -> isNoFilter(each.getKey(), each.getValue()));
        InvalidRequest.require(!filter.isEmpty(),
            "no filter specified; {\"unfinished\": true} is all that have not ended");
        String id = texts.getOrDefault("id", "");
        checkId(id);
        String selection = written(filter);
        InvalidRequest.atMost("filter", selection, Limits.BULK_FILTER_CHARS);
        return new BulkBody(InterventionBody.of(kind.wire(), call, OWN).bulk(kind),
            TransactionQuery.only(QueryString.of(filter)).unfinished(), selection, id, expect[0]);
    }

    /** Whether that keeps nothing out: what is empty in a url, and a flag that is not set. */
    private static boolean isNoFilter(String name, List<String> said) {
        return said.isEmpty() || said.equals(List.of("")) && !name.equals("attribute")
            || said.equals(List.of("false")) && TransactionQuery.FLAGS.contains(name);
    }

    private static void checkId(String id) {
        InvalidRequest.atMost("id", id, Limits.BULK_ID_CHARS);
        InvalidRequest.require(id.isEmpty() || Bulk.isId(id),
            "an id has letters, digits, and the characters - _ . only");
    }

    /** What a url would have as text: of a string, a number, true or false, or of several. */
    private static List<String> values(String name, byte[] json) {
        String raw = Bytes.of(json).toUtf8().strip();
        if (raw.startsWith("[")) {
            return JsonIn.whole(json, in -> in.array(name, FILTERS, () -> in.text(name)));
        }
        InvalidRequest.require(!raw.startsWith("{"), name + " must be no object");
        return raw.equals("null") ? List.of() : new ArrayList<>(List.of(
            raw.startsWith("\"") ? JsonIn.whole(json, in -> in.text(name)) : raw));
    }

    private static String written(Map<String, List<String>> filter) {
        return JsonOut.objectText(out -> {
            for (var each : filter.entrySet()) {
                if (each.getValue().size() == 1) {
                    out.writeStringField(each.getKey(), each.getValue().get(0));
                } else {
                    out.writeArrayFieldStart(each.getKey());
                    for (String value : each.getValue()) {
                        out.writeString(value);
                    }
                    out.writeEndArray();
                }
            }
        });
    }
}
