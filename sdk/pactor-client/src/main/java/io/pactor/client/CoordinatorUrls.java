package io.pactor.client;

import java.net.URI;
import java.util.Locale;

/** How the urls of coordinators are written. */
final class CoordinatorUrls {

    private CoordinatorUrls() {}

    /** DTM's clients are given the path, too; both are understood. */
    static URI baseOf(String url) {
        URI uri;
        try {
            uri = URI.create(url.strip().replaceFirst("(/api/dtmsvr)?/*$", ""));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("the url of a coordinator cannot be read");
        }
        String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
        if (uri.getRawUserInfo() != null) {
            throw new IllegalArgumentException("the url of a coordinator must not have a user"
                + " or a password in it: give an Authorization header");
        }
        if (!scheme.equals("http") && !scheme.equals("https") || uri.getHost() == null
                || uri.getRawQuery() != null || uri.getRawFragment() != null) {
            throw new IllegalArgumentException("the url of a coordinator must be like"
                + " http://localhost:36789, not " + url);
        }
        return uri;
    }
}
