package http;

import org.apache.pekko.event.LoggingAdapter;
import org.apache.pekko.http.ParsingErrorHandler;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.scaladsl.model.ErrorInfo;
import org.apache.pekko.http.scaladsl.model.StatusCode;
import org.apache.pekko.http.scaladsl.settings.ServerSettings;

/**
 * Answers what is no proper HTTP request, in the form of all other answers. Found by its name in
 * pekko-http's configuration, as a Scala object would be; hence the field.
 */
public final class ParsingErrors extends ParsingErrorHandler {

    /** The only one. */
    public static final ParsingErrors MODULE$ = new ParsingErrors();

    private ParsingErrors() {}

    /** A method that HTTP does not know is one that no page has, and no fault of the server's. */
    @Override
    public HttpResponse handle(StatusCode status, ErrorInfo error, LoggingAdapter log,
            ServerSettings settings) {
        int code = status.intValue();
        if (code == 501) {
            return Responses.of(HttpAnswer.NO_SUCH_PAGE);
        }
        return Responses.of(HttpAnswer.clientError(code >= 500 ? 400 : code, error.summary()));
    }
}
