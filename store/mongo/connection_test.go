package mongo

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// What an operator knows better stands; what the program is built on does not yield.
func TestSettingsOfTheURI(t *testing.T) {
	const uri = "mongodb://h/?w=1&journal=false&readPreference=secondaryPreferred&readConcernLevel=local&retryWrites=false" +
		"&serverSelectionTimeoutMS=30000&connectTimeoutMS=20000&appName=acme&timeoutMS=3000&maxPoolSize=7&minPoolSize=2&maxIdleTimeMS=1000"
	o := Config{URI: uri}.options()
	require.Equal(t, 30*time.Second, *o.ServerSelectionTimeout)
	require.Equal(t, 20*time.Second, *o.ConnectTimeout)
	require.Equal(t, "acme", *o.AppName)
	require.EqualValues(t, 7, *o.MaxPoolSize)
	require.EqualValues(t, 2, *o.MinPoolSize)
	require.Equal(t, time.Second, *o.MaxConnIdleTime)
	require.False(t, *o.RetryWrites)
	require.Nil(t, o.Timeout)
	require.Equal(t, "majority", o.WriteConcern.W)
	require.True(t, *o.WriteConcern.Journal)
	require.Equal(t, "majority", o.ReadConcern.Level)
	require.Equal(t, "primary", o.ReadPreference.Mode().String())

	o = Config{URI: "mongodb://h/"}.options()
	require.Equal(t, 15*time.Second, *o.ServerSelectionTimeout, "longer than an election")
	require.Equal(t, "switchboard", *o.AppName)
	require.Equal(t, time.Second, *Config{URI: uri, ServerSelectionTimeout: time.Second}.options().ServerSelectionTimeout)
}

// Services are told apart by the names of their clusters.
func TestProductOf(t *testing.T) {
	for address, want := range map[string]product{
		"localhost:27017": mongoDB,
		"a.abcde.mongodb.net:27017,b.abcde.mongodb.net:27017":   atlas,
		"desk.cluster-1.eu-central-1.docdb.amazonaws.com:27017": documentDB,
		"desk-1.eu-central-1.docdb-elastic.amazonaws.com:27017": elastic,
		"DESK.mongocluster.cosmos.azure.com:10260":              azureCluster,
		"desk.mongo.cosmos.azure.com:10255":                     azureCosmosRU,
		"mongodb.net.example.com:27017":                         mongoDB,
	} {
		require.Equal(t, want, productOf(address, nil), address)
	}
	require.Error(t, deployment{product: elastic, SetName: "rs0"}.refusal())
	require.NoError(t, deployment{product: documentDB, SetName: "rs0"}.refusal())
	require.Contains(t, deployment{product: documentDB}.remedy(ErrNoChangeStreams, nil), "modifyChangeStreams")
	require.Contains(t, deployment{product: atlas}.remedy(ErrNoChangeStreams, nil), "Flex")
}
