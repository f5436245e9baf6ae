package io.pactor.client;

import java.util.Set;

/**
 * What a coordinator says of itself.
 *
 * @param url where it is
 * @param version such as {@code v0.1.0}; empty if it does not say
 * @param features what it understands beside DTM's protocol; none on DTM
 */
public record ServerInfo(String url, String version, Set<String> features) {

    public ServerInfo {
        features = Set.copyOf(features);
    }
}
