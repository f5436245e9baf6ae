package io.pactor.spring.message;

import io.pactor.client.participant.HttpAnswer;
import io.pactor.client.participant.Refused;
import io.pactor.client.participant.Reply;
import io.pactor.spring.participant.Barriers;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import javax.sql.DataSource;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.springframework.web.HttpRequestHandler;

/**
 * Answers the coordinator that asks whether a message's transaction has committed: 200 if it has,
 * 409 if it has not and never will, 500 if the database does not tell.
 */
public final class CheckBackHandler implements HttpRequestHandler {

    private static final Log LOG = LogFactory.getLog(CheckBackHandler.class);

    private final Map<String, DataSource> dataSources;
    private final Barriers barriers;

    /** @param dataSources by the names of their beans, which end the path of the request */
    public CheckBackHandler(Map<String, DataSource> dataSources, Barriers barriers) {
        this.dataSources = Map.copyOf(dataSources);
        this.barriers = barriers;
    }

    /** The name of a bean, as it ends the path. */
    static String encoded(String name) {
        return URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20");
    }

    @Override
    public void handleRequest(HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        String path = request.getRequestURI();
        DataSource asked = dataSources.get(URLDecoder.decode(
            path.substring(path.lastIndexOf('/') + 1), StandardCharsets.UTF_8));
        String gid = request.getParameter("gid");
        if (asked == null || gid == null || gid.isBlank()) {
            response.sendError(HttpServletResponse.SC_NOT_FOUND);
            return;
        }
        HttpAnswer answer = answer(gid, asked);
        response.setStatus(answer.status());
        answer.headers().forEach(response::setHeader);
        response.getOutputStream().write(answer.body());
    }

    private HttpAnswer answer(String gid, DataSource asked) {
        try {
            return barriers.of(asked).committed(gid) ? HttpAnswer.of(Reply.EMPTY)
                : HttpAnswer.of(new Refused("the local transaction has not committed"));
        } catch (RuntimeException e) {
            LOG.warn("Whether message " + gid + " was committed cannot be told", e);
            return HttpAnswer.of(e);
        }
    }
}
