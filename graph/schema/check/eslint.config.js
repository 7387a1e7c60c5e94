import graphql from "@graphql-eslint/eslint-plugin";

// The recommended rules and those of Relay. What differs says why.
export default [
  {
    files: ["**/*.graphqls"],
    languageOptions: {
      parser: graphql.parser,
      parserOptions: { graphQLConfig: { schema: "*.graphqls" } },
    },
    plugins: { "@graphql-eslint": graphql },
    rules: {
      ...graphql.configs["flat/schema-recommended"].rules,
      ...graphql.configs["flat/schema-relay"].rules,
      // One line or a block, whichever reads better. graph/schema/described_test.go asks for more.
      "@graphql-eslint/description-style": "off",
      // Connections keep to Relay; other lists may hold what they like.
      "@graphql-eslint/relay-edge-types": ["error", { withEdgeSuffix: true, shouldImplementNode: false, listTypeCanWrapOnlyEdgeType: false }],
      // Lists that are read from the top alone need no way back.
      "@graphql-eslint/relay-arguments": ["error", { includeBoth: false }],
      // What has an identity is a Node; payloads, verdicts and figures have none.
      "@graphql-eslint/strict-id-in-types": "off",
    },
  },
];
