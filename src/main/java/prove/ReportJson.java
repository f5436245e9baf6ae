package prove;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.Locale;

/** A report for machines: one object on one line. */
final class ReportJson {

    private ReportJson() {}

    static String of(ProveReport report, ProveOptions options) {
        StringWriter text = new StringWriter();
        try (JsonGenerator out = new JsonFactory().createGenerator(text)) {
            out.writeStartObject();
            out.writeBooleanField("clean", report.isClean());
            out.writeStringField("mode", options.mode().wire());
            out.writeStringField("action", Curl.withoutUser(options.action()));
            out.writeStringField("undo", Curl.withoutUser(options.undo()));
            out.writeNumberField("seed", options.seed());
            out.writeNumberField("calls", report.calls());
            out.writeNumberField("millis", report.took().toMillis());
            out.writeArrayFieldStart("checks");
            for (Finding finding : report.findings()) {
                write(out, finding);
            }
            out.writeEndArray();
            out.writeArrayFieldStart("notes");
            for (String note : report.notes()) {
                out.writeString(note);
            }
            out.writeEndArray();
            out.writeEndObject();
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return text.toString();
    }

    private static void write(JsonGenerator out, Finding finding) throws IOException {
        out.writeStartObject();
        out.writeStringField("check", finding.check());
        out.writeStringField("meaning", finding.meaning());
        out.writeStringField("verdict", finding.verdict().name().toLowerCase(Locale.ROOT));
        out.writeStringField("expected", finding.expected());
        out.writeStringField("seen", finding.seen());
        out.writeArrayFieldStart("steps");
        for (ProveStep step : finding.steps()) {
            out.writeStartObject();
            out.writeStringField("did", step.did());
            out.writeStringField("saw", step.saw());
            out.writeEndObject();
        }
        out.writeEndArray();
        out.writeArrayFieldStart("again");
        for (String line : finding.again()) {
            out.writeString(line);
        }
        out.writeEndArray();
        out.writeEndObject();
    }
}
