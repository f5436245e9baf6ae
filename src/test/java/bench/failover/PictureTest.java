package bench.failover;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import bench.failover.Chronicle.Kind;
import bench.failover.Chronicle.Mark;
import java.io.StringReader;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;

class PictureTest {

    private static Document drawn(Played played) throws Exception {
        String svg = Picture.of(played.scenario(), played.seen(), played.figures()).svg();
        return DocumentBuilderFactory.newInstance().newDocumentBuilder()
            .parse(new InputSource(new StringReader(svg)));
    }

    private static Stream<Element> all(Document svg, String tag, String style) {
        NodeList found = svg.getElementsByTagName(tag);
        return IntStream.range(0, found.getLength()).mapToObj(i -> (Element) found.item(i))
            .filter(each -> (" " + each.getAttribute("class") + " ").contains(" " + style + " "));
    }

    private static Stream<String> words(Document svg) {
        NodeList found = svg.getElementsByTagName("text");
        return IntStream.range(0, found.getLength()).mapToObj(i -> found.item(i).getTextContent());
    }

    @Test
    void eachMomentHasItsLineAndItsLabel() throws Exception {
        Document svg = drawn(new Played(Fault.KILL, 3, 4, 0)
            .moment(Mark.KILLED, 0, 2).moment(Mark.OUT_OF_REACH, 0.2, 2)
            .moment(Mark.REMOVED, 1.5, 2).moment(Mark.TAKEN_OVER, 4, 2));

        assertEquals(1, all(svg, "path", "event").count());
        assertEquals(3, all(svg, "path", "mark").count());
        assertTrue(words(svg).anyMatch("0.20 s out of reach"::equals));
        assertTrue(words(svg).anyMatch("4.00 s shards taken over"::equals));
    }

    @Test
    void labelsThatAreNearStandInRowsOfTheirOwn() throws Exception {
        Document svg = drawn(new Played(Fault.KILL, 3, 4, 0)
            .moment(Mark.KILLED, 0, 2).moment(Mark.OUT_OF_REACH, 0.1, 2)
            .moment(Mark.DECIDED, 0.2, 2));
        NodeList found = svg.getElementsByTagName("text");
        long rows = IntStream.range(0, found.getLength()).mapToObj(i -> (Element) found.item(i))
            .filter(each -> each.getTextContent().matches("0\\.\\d0 s .*"))
            .map(each -> each.getAttribute("y")).distinct().count();

        assertEquals(3, rows);
    }

    @Test
    void whatIsNotJustDoneIsADotOfItsColour() throws Exception {
        Document svg = drawn(new Played(Fault.KILL, 3, 4, 0)
            .answer(0, 0.01, 0, Kind.OK).answer(1, 1.6, 0, Kind.OK)
            .answer(1, 1.5, 0, Kind.REFUSED).answer(2, 2.1, 1, Kind.NONE));

        assertEquals(1, all(svg, "circle", "slow").count());
        assertEquals(1, all(svg, "circle", "refused").count());
        assertEquals(1, all(svg, "circle", "none").count());
        assertEquals(1, all(svg, "path", "band").count());
    }

    @Test
    void manyDotsAreThinnedOut() throws Exception {
        Played played = new Played(Fault.KILL, 3, 4, 0);
        for (int i = 0; i < 10_000; i++) {
            played.answer(0, 1, 0, Kind.REFUSED);
        }
        long dots = all(drawn(played), "circle", "refused").count();

        assertTrue(dots > 100 && dots <= 400, dots + " dots");
    }

    @Test
    void thoseThatWaitHaveALaneOfTheirOwn() throws Exception {
        assertEquals(0, all(drawn(new Played(Fault.KILL, 3, 4, 0)), "path", "waiting").count());
        Document svg = drawn(new Played(Fault.KILL, 3, 0, 2).called(0, 3).called(1, 4));

        assertEquals(1, all(svg, "path", "waiting").count());
        assertTrue(words(svg).anyMatch("2 there,"::equals));
    }

    /** It is shown as an image beside strangers' text, in light and in dark. */
    @Test
    void itNeedsNothingFromOutside() {
        Played played = new Played(Fault.KILL, 3, 4, 0).moment(Mark.KILLED, 0, 2);
        String svg = Picture.of(played.scenario(), played.seen(), played.figures()).svg();

        assertFalse(svg.contains("script"), svg);
        assertFalse(svg.replace("http://www.w3.org/2000/svg", "").contains("http"), svg);
        assertTrue(svg.contains("prefers-color-scheme: dark"));
        assertFalse(svg.contains("NaN"), svg);
    }

    @Test
    void wordsCannotBecomeMarkup() {
        assertEquals("a &lt;b&gt; &amp; c", Svg.escaped("a <b> & c"));
    }
}
