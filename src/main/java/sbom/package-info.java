/** What Pactor is made of, and which published advisories concern that. */
package sbom;
