package wire;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import transaction.Bytes;
import transaction.InvalidRequest;

/** What a payload must be to go out as the {@code params} of a JSON-RPC call. */
public final class RpcParams {

    private RpcParams() {}

    /** @throws InvalidRequest unless {@code payload} is empty, null or one JSON object */
    public static void require(Bytes payload) {
        if (payload.isEmpty()) {
            return;
        }
        try (JsonParser parser = ForeignJson.payload(payload.toArray())) {
            JsonToken first = parser.nextToken();
            boolean fits = first == JsonToken.START_OBJECT || first == JsonToken.VALUE_NULL;
            parser.skipChildren();
            if (fits && parser.nextToken() == null) {
                return;
            }
        } catch (IOException broken) {
            // Told below, as whatever else is no object.
        }
        throw new InvalidRequest("a payload is not a JSON object, as JSON-RPC needs it");
    }
}
